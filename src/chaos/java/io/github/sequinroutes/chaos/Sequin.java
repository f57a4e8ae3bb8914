package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.Faults;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** Sequin as one of its APIs shows it: the stand-in server, what it offers, and what must have become of that. */
interface Sequin extends AutoCloseable {
    /** The one that the options ask for. Collections that shall get a record that sleeps are taken from the queue. */
    static Sequin of(Options options, Flow flow, Queue<Subject> sleepers) throws IOException, SQLException {
        return switch (options.api()) {
            case CONSUME -> new ConsumeSequin(options, flow, sleepers);
            case STREAM -> new StreamSequin(options, flow, sleepers);
        };
    }

    /** The base URL of the server. */
    String url();

    /** Lines of the product's configuration: which API, consumer and token. */
    List<String> properties();

    /** SQL files that make what is written and audited in the target, in this order. */
    List<Path> schemas();

    /** The folder of the collections. */
    Path collections();

    /** The collections that have a route. */
    List<? extends Subject> subjects();

    /** The lease. */
    Duration ackWait();

    /** The faults that requests are to meet. */
    Faults faults();

    /** All in flight comes again at once, and its old tokens ack nothing. */
    void restart();

    /** Offers at least as much as the options say, and goes on until nobody needs more. */
    void offer(BooleanSupplier needed) throws InterruptedException;

    /** How many messages have been offered so far. */
    int offered();

    /** How many messages have been delivered, redeliveries included. */
    long delivered();

    /** How many messages were offered again though they had been acked. */
    long replayed();

    /** How many messages are not acked. */
    int left();

    /** Has each ack audited before it is applied. */
    void audit(AckAudit acks);

    /** In the end: compares every row and every dead letter with the truth. */
    FinalAudit audit(Connection target) throws SQLException;

    @Override
    void close() throws IOException;
}
