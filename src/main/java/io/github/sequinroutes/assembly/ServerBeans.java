package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.poll.BatchSizes;
import io.github.sequinroutes.poll.Gate;
import io.github.sequinroutes.sequin.AckFailures;
import io.github.sequinroutes.sequin.Acknowledger;
import io.github.sequinroutes.sequin.ResponseReader;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.SequinHttpClient;
import io.github.sequinroutes.sequin.ServerConnections;
import io.github.sequinroutes.sequin.Silence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.CompositeHttpConfigurer;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.spi.Registry;

/** What asks the server and acks, for a bundle and for a source alike; and the names by which routes find it and the rest. */
final class ServerBeans {
    /** Somebody waits for what a check says, whether or not the server is there. */
    private static final long DESCRIBE_MILLIS = 5_000;

    private final BundleConfig config;
    private final SequinApi api;
    private final Gate gate = new Gate();
    private final Advice advice;
    private final Silence silence;
    private final AckFailures ackFailures;
    private final Acknowledger acks;
    private final BatchSizes sizes;
    private final Map<String, Object> byName = new LinkedHashMap<>();

    /** The template is asked for when messages are acked. */
    ServerBeans(BundleConfig config, Callable<ProducerTemplate> template) {
        this.config = config;
        api = SequinApi.of(config.get(Keys.API));
        advice = new Advice(config.keys());
        silence = new Silence(config.keys().apply("sequin.url"));
        ackFailures = new AckFailures(config.get(Keys.ACK_WAIT), advice::explain);
        acks = new Acknowledger(api, ackFailures, template, config.name());
        long responseMillis = Math.max(Lease.writeMillis(config.get(Keys.ACK_WAIT)), api.minResponseMillis());
        sizes = new BatchSizes(config.get(Keys.CONSUMER), config.get(Keys.BATCH_SIZE), config.get(Keys.ACK_WAIT));
        put("responses", new ResponseReader(api.format(), config.get(Keys.ACK_WAIT)));
        put("acks", acks);
        // a server may keep a request open for wait-for; then it must respond, while there is time to write
        put("receiveClient", client(responseMillis, config.get(Keys.WAIT_FOR)));
        put("ackClient", client(responseMillis, 0));
        put("describeClient", client(DESCRIBE_MILLIS, 0));
    }

    private HttpClientConfigurer client(long responseMillis, long waitForMillis) {
        ServerConnections connections =
                new ServerConnections(config.get(Keys.URL), config.get(Keys.CA_FILE), config.get(Keys.PROXY));
        return CompositeHttpConfigurer.combineConfigurers(
                new SequinHttpClient(
                        config.token(),
                        Duration.ofMillis(responseMillis + waitForMillis),
                        connections,
                        Duration.ofMillis(waitForMillis),
                        silence),
                gate);
    }

    /** Adds another part. */
    void put(String part, Object bean) {
        byName.put(config.nameOf(part), bean);
    }

    /** Adds others, by names of their own. */
    void putAll(Map<String, ?> beans) {
        byName.putAll(beans);
    }

    /**
     * Binds each by its name.
     *
     * @throws IllegalStateException if there is a bundle of this name already
     */
    void bind(Registry registry) {
        if (registry.lookupByName(config.nameOf("acks")) != null) {
            throw new IllegalStateException("There is a bundle named " + config.name()
                    + " in this context already; give one of them another name");
        }
        byName.forEach(registry::bind);
    }

    void unbind(Registry registry) {
        byName.keySet().forEach(registry::unbind);
    }

    /** The API that the server speaks. */
    SequinApi api() {
        return api;
    }

    /** What to do about what fails. */
    Advice advice() {
        return advice;
    }

    Acknowledger acks() {
        return acks;
    }

    /** Whether acks fail. */
    AckFailures ackFailures() {
        return ackFailures;
    }

    /** How many messages its workers ask for. */
    BatchSizes sizes() {
        return sizes;
    }

    /** Whether the server lets somebody wait for too long. */
    Silence silence() {
        return silence;
    }

    Gate gate() {
        return gate;
    }
}
