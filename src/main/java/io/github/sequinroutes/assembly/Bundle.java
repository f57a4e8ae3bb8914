package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.DatabaseAccess;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.observe.Status;
import io.github.sequinroutes.sequin.Peek;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.DryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bundle's life in a Camel context: it starts and stops with it, or is taken out of it again. */
public final class Bundle {
    private static final Logger LOG = LoggerFactory.getLogger(Bundle.class);

    private final BundleConfig config;
    private final DatabaseAccess access;
    private final Mode mode;
    private final BundleBeans beans;
    private final Scheduler scheduler;
    private final Observation observation;
    private CamelContext context;
    private final List<String> routeIds = new ArrayList<>();
    private ContextLife life;
    private ProducerTemplate template;
    private FolderWatch watch;
    private volatile boolean isStarted;

    /** A bundle that is not in a context yet: nothing happens, and nothing is asked of the database. */
    public Bundle(BundleConfig config, DatabaseAccess access, Mode mode) {
        this.config = config;
        this.access = access;
        this.mode = mode;
        beans = new BundleBeans(config, access, mode, () -> template);
        scheduler = new Scheduler(config);
        observation = new Observation(config, access, beans);
    }

    /**
     * Adds it to a context, which may be started or not.
     *
     * @throws IllegalStateException if there is a bundle of this name already
     * @throws Exception             if a route of the bundle is wrong
     */
    public void addTo(CamelContext host) throws Exception {
        beans.server().bind(host.getRegistry());
        context = host;
        template = host.createProducerTemplate();
        if (mode.isPolling()) {
            scheduler.addTo(host);
        }
        String machine = Flow.addTo(host, config.routesUri());
        routeIds.addAll(ServerRoutes.add(
                host,
                new ServerRoutes(config, beans.server().api()),
                new BundleRoutes(config, machine, mode.isPolling())));
        if (mode.isPolling()) {
            routeIds.addAll(ServerRoutes.add(host, beans.workers()));
            observation.addHealthTo(host);
        }
        life = ContextLife.follow(host, this::start, this::end, scheduler::end);
    }

    private void start() {
        // each by itself, and all before a worker has a message of them
        files().load(context, config.routesUri() + "/collections");
        if (mode.isPolling()) {
            ignoredRoutes().forEach(problem -> LOG.warn("{}", problem));
            files().whenLoaded(id ->
                    IgnoredRoutes.problems(context, config, Set.of(id)).forEach(problem -> LOG.warn("{}", problem)));
            try {
                startPolling();
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
        }
        observation.addMetricsTo(context);
        beans.server().gate().open();
        isStarted = true;
    }

    /** Collections that have a route, and that {@code sequin.ignore} names, once it is started. */
    public List<Problem> ignoredRoutes() {
        return IgnoredRoutes.problems(context, config, files().routes(context).collections());
    }

    private void startPolling() throws Exception {
        if (config.reloads()) {
            watch = FolderWatch.begin(context, config.nameOf("collection-files"), files());
        }
        beans.workers().start(context);
        scheduler.start(context);
        observation.beginProgress();
    }

    private void end() {
        stopFetching();
        if (watch != null) {
            watch.end();
            watch = null;
        }
        observation.stop();
    }

    /** Limits the dead letters of each worker from now on. */
    public void limitDeadLetters(int perSecond) {
        beans.deadLetterPace().limitTo(perSecond);
    }

    /** Whether it has started: its collections are loaded, and its workers poll. */
    public boolean isStarted() {
        return isStarted;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    public boolean stopFetching() {
        return beans.server().gate().close();
    }

    /** Takes it out of the context again: what is in flight is finished and acked before. Without effect if it is in none. */
    public void remove() throws Exception {
        if (context == null) {
            return;
        }
        end();
        life.forget();
        ServerRoutes.remove(context, routeIds, beans.workers());
        files().unload();
        observation.removeFrom(context);
        scheduler.removeFrom(context);
        beans.server().unbind(context.getRegistry());
        template.close();
        context = null;
        isStarted = false;
    }

    /**
     * What the server says of its consumer, as JSON; null if its API tells nothing.
     *
     * @throws Exception if it cannot be asked, or has not answered within seconds
     */
    public String describeConsumer() throws Exception {
        SequinApi api = beans.server().api();
        if (!api.describesConsumers()) {
            return null;
        }
        String uri = config.get(Keys.URL) + api.path(config.get(Keys.CONSUMER))
                + "?httpMethod=GET&copyHeaders=false&httpClientConfigurer=#" + config.nameOf("describeClient");
        Exchange done = template.request(uri, exchange -> {});
        if (done.getException() != null) {
            throw done.getException();
        }
        return done.getMessage().getBody(String.class);
    }

    /** What it was told. */
    public BundleConfig config() {
        return config;
    }

    /** How it does, for those who look, once it is in a context; null if its host has no health. */
    public Status status() {
        return observation.status();
    }

    /** The collections that have a route. */
    public Collections collections() {
        return beans.collections();
    }

    /** The files of the collections. */
    public CollectionFiles files() {
        return beans.files();
    }

    /** Its dead letters. */
    public DeadLetterTable deadLetters() {
        return new DeadLetterTable(access.dataSource(), config.get(Keys.CONSUMER), format());
    }

    /** Connections to the user's database. */
    public DataSource dataSource() {
        return access.dataSource();
    }

    /** How the messages of its API are laid out. */
    public MessageFormat format() {
        return beans.server().api().format();
    }

    /**
     * Looks at messages of its consumer, once it is started.
     *
     * @throws Exception if its context does not allow that
     */
    public Peek peek() throws Exception {
        return new Peek(
                context,
                beans.server().api(),
                beans.server().acks(),
                template,
                config.name(),
                config.get(Keys.WAIT_FOR));
    }

    /** Pauses the collections whose templates are wrong, once it is started: workers do so before they fetch. */
    public void checkTemplates() {
        beans.checkTemplates();
    }

    /** Tells what would become of a batch, once it is started; checks the templates first, as a run does. */
    public DryRun dryRun() {
        return beans.dryRun();
    }

    /** The user's database. */
    public Database database() {
        return beans.database();
    }
}
