package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.assembly.Feed;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.message.Group;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.util.StringHelper;

/** What {@code kamelet:sequin-source} does: polls a consumer, and hands what comes to the route that the Kamelet begins. */
public final class SequinSource implements CamelContextAware {
    private final Map<String, String> given = new HashMap<>();
    private CamelContext camelContext;
    private String name;
    private boolean split = true;
    private Feed feed;

    /** What the Kamelet makes; its properties come one by one. */
    public SequinSource() {}

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** The name of the source, with which its beans and routes begin. */
    public void setName(String name) {
        this.name = name.toLowerCase(Locale.ROOT);
    }

    /** The base URL of the server. */
    public void setUrl(String url) {
        given.put("url", url);
    }

    /** The API that it speaks, {@code consume} or {@code stream}. */
    public void setApi(String api) {
        given.put("api", api);
    }

    /** The consumer's ID. */
    public void setConsumer(String consumer) {
        given.put("consumer", consumer);
    }

    /** The bearer token, or nothing. */
    public void setToken(String token) {
        given.put("token", token);
    }

    /** Whether the route gets each record by itself, rather than those of a batch together. */
    public void setSplit(boolean split) {
        this.split = split;
    }

    /** How many workers poll. */
    public void setWorkers(String workers) {
        given.put("workers", workers);
    }

    /** The maximum number of records of a batch. */
    public void setBatchSize(String batchSize) {
        given.put("batch-size", batchSize);
    }

    /** How long the server may keep a request open while there is nothing. */
    public void setWaitFor(String waitFor) {
        given.put("wait-for", waitFor);
    }

    /** For how long the server leaves records to one worker. */
    public void setAckWait(String ackWait) {
        given.put("ack-wait", ackWait);
    }

    /**
     * Begins to poll, once the context has started.
     *
     * @throws IllegalArgumentException if a property is wrong, with every problem
     */
    public void init() throws Exception {
        Map<String, String> problems = new TreeMap<>();
        given.put("routes", "classpath:io/github/sequinroutes/routes"); // it has no collections
        BundleConfig config = BundleConfig.read(name, given::get, StringHelper::dashToCamelCase, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("sequin-source/" + name + " cannot be used: "
                    + problems.entrySet().stream()
                            .map(problem -> problem.getKey() + " " + problem.getValue())
                            .collect(Collectors.joining("; ")));
        }
        feed = new Feed(config, split);
        feed.addTo(camelContext);
    }

    /** What the route gets: a record, or the records of a batch. */
    public Object body(Group group) {
        return feed.deliveries().body(group);
    }

    /** Ends to poll: what is in flight is completed and acked before. */
    public void remove() throws Exception {
        feed.remove();
    }
}
