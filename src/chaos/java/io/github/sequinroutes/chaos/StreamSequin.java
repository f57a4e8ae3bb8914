package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.Faults;
import io.github.sequinroutes.sandbox.stream.SinkOptions;
import io.github.sequinroutes.sandbox.stream.StreamMessage;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import io.github.sequinroutes.sandbox.stream.StreamSink;
import io.github.sequinroutes.sandbox.stream.StreamSource;
import io.github.sequinroutes.testkit.PostgresServer;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** The Stream API: a database of its own, whose changes come through a slot, is the truth. */
final class StreamSequin implements Sequin {
    private static final String SINK = "chaos";
    private static final String TOKEN = "chaos-token";
    private static final int CATCH_UP_MILLIS = 60_000;

    private final Options options;
    private final Flow flow;
    private final PostgresServer database;
    private final StreamServer server;
    private final StreamSink sink;
    private final StreamSource source;
    private final RowLoad load;
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicLong replayed = new AtomicLong();

    StreamSequin(Options options, Flow flow, Queue<Subject> sleepers) throws IOException, SQLException {
        this.options = options;
        this.flow = flow;
        Redirect log = Redirect.appendTo(options.folder().resolve("source.log").toFile());
        database = new PostgresServer(Map.of("wal_level", "logical"), log);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(file("poison.sql")));
            statement.execute(Files.readString(file("source.sql")));
        }
        server = new StreamServer(0, TOKEN);
        sink = server.sink(SINK, SinkOptions.defaults().withAckWait(options.ackWait()));
        sink.observeOffers(this::count);
        source = new StreamSource(server, database.url("postgres"));
        load = new RowLoad(options, database, sleepers);
    }

    private void count(List<StreamMessage> messages) {
        for (StreamMessage message : messages) {
            RowSubject.of(message.collection()).ifPresent(subject -> flow.offered(subject, message.json()));
        }
        offered.addAndGet(messages.size());
    }

    /** The database whose changes are offered. */
    PostgresServer database() {
        return database;
    }

    /** The server, for its faults. */
    StreamServer server() {
        return server;
    }

    /** The sink, for its faults. */
    StreamSink sink() {
        return sink;
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    public List<String> properties() {
        return List.of("sequin.api=stream", "sequin.consumer=" + SINK, "sequin.token=" + TOKEN);
    }

    @Override
    public List<Path> schemas() {
        return List.of(file("poison.sql"), file("schema.sql"));
    }

    @Override
    public Path collections() {
        return file("routes");
    }

    private Path file(String name) {
        return options.project().resolve("src/chaos/stream").resolve(name);
    }

    @Override
    public List<RowSubject> subjects() {
        return RowSubject.ALL;
    }

    @Override
    public Duration ackWait() {
        return options.ackWait();
    }

    @Override
    public Faults faults() {
        return server.faults();
    }

    @Override
    public void restart() {
        replay(0);
    }

    /** The same, and the last changes that were acked come again, the oldest first. */
    void replay(int changes) {
        replayed.addAndGet(server.restart(changes));
    }

    @Override
    public void offer(BooleanSupplier needed) throws InterruptedException {
        load.run(this, () -> offered() < options.records() || needed.getAsBoolean());
    }

    /** Has all rows of a table offered as they are, changes that come meanwhile aside. */
    void backfill(RowSubject subject) throws SQLException, InterruptedException {
        int dot = subject.table().indexOf('.');
        source.backfill(sink, subject.table().substring(0, dot), subject.table().substring(dot + 1));
    }

    /** Waits until all that is committed is offered. */
    void catchUp() throws SQLException, InterruptedException {
        if (!source.catchUp(CATCH_UP_MILLIS)) {
            throw new IllegalStateException("The slot has not caught up in " + CATCH_UP_MILLIS + " ms", source.cause());
        }
    }

    @Override
    public int offered() {
        return offered.get();
    }

    @Override
    public long delivered() {
        return sink.delivered();
    }

    @Override
    public long replayed() {
        return replayed.get();
    }

    @Override
    public int left() {
        return sink.left();
    }

    @Override
    public void audit(AckAudit acks) {
        sink.observeAcks(new RowAcks(acks)
                .andThen(messages ->
                        flow.acked(messages.stream().map(StreamMessage::json).toList())));
    }

    @Override
    public FinalAudit audit(Connection target) throws SQLException {
        try (Connection truth = database.connect()) {
            return new RowAudit(truth, target);
        }
    }

    @Override
    public void close() throws IOException {
        source.close();
        server.close();
        database.close();
    }
}
