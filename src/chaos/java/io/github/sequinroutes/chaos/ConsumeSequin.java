package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.Faults;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** The Consume API: records are made, and what has been offered is the truth. */
final class ConsumeSequin implements Sequin {
    private static final String CONSUMER = "chaos";
    private static final String TOKEN = "chaos-token";
    private static final int MAX_ACK_PENDING = 5_000;

    private final Options options;
    private final Flow flow;
    private final SandboxServer server;
    private final SandboxConsumer consumer;
    private final Truth truth = new Truth();
    private final RecordLoad load;

    ConsumeSequin(Options options, Flow flow, Queue<Subject> sleepers) throws IOException {
        this.options = options;
        this.flow = flow;
        server = new SandboxServer(0, TOKEN);
        consumer = server.consumer(CONSUMER, options.ackWait(), MAX_ACK_PENDING);
        load = new RecordLoad(options, consumer, truth, flow, sleepers);
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public List<String> properties() {
        return List.of("sequin.consumer=" + CONSUMER, "sequin.token=" + TOKEN);
    }

    @Override
    public List<Path> schemas() {
        return List.of(options.project().resolve("src/chaos/schema.sql"));
    }

    @Override
    public Path collections() {
        return options.project().resolve("src/chaos/routes");
    }

    @Override
    public List<RecordSubject> subjects() {
        return List.of(RecordSubject.values());
    }

    @Override
    public Duration ackWait() {
        return consumer.ackWait();
    }

    @Override
    public Faults faults() {
        return server.faults();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void offer(BooleanSupplier needed) throws InterruptedException {
        load.run(needed);
    }

    @Override
    public int offered() {
        return load.offered();
    }

    @Override
    public long delivered() {
        return consumer.delivered();
    }

    @Override
    public long replayed() {
        return 0;
    }

    @Override
    public int left() {
        return consumer.left();
    }

    @Override
    public void audit(AckAudit acks) {
        consumer.observeAcks(new RecordAcks(acks).andThen(flow::acked));
    }

    @Override
    public FinalAudit audit(Connection target) throws SQLException {
        return new RecordAudit(truth, target);
    }

    @Override
    public void close() {
        server.close();
    }
}
