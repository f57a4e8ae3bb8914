package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.Daemon;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.FutureTask;

/** The three ways to get the same records of one server into the same tables of one database. */
record Contenders(BenchDatabase database, Workload workload, BenchServer server, Size size, String databaseUrl) {
    /** Without a proxy. */
    Contenders(BenchDatabase database, Workload workload, BenchServer server, Size size) {
        this(database, workload, server, size, database.url());
    }

    /** The same with other records; the server must have as many. */
    Contenders with(Size other) {
        return new Contenders(database, workload, server, other, databaseUrl);
    }

    /** The same for another workload, which does not come from the server. */
    Contenders of(Workload other) {
        return new Contenders(database, other, server, size, databaseUrl);
    }

    /** The same with another way to the database. */
    Contenders through(String otherUrl) {
        return new Contenders(database, workload, server, size, otherUrl);
    }

    /** The standalone process: receive, write, ack. */
    Run ours(int workers, int batchSize) throws Exception {
        database.reset(workload);
        return oursOnto(workers, batchSize);
    }

    /** The same, onto tables as they are. */
    Run oursOnto(int workers, int batchSize) throws Exception {
        try (Bundle bundle = new Bundle(this, server.offer(size), workers, batchSize)) {
            server.awaitWarm();
            Duration before = bundle.cpu();
            Run drained = server.awaitDrained();
            Duration cpu = bundle.cpu().minus(before);
            database.checkDeadLetters();
            return new Run(drained.records(), drained.time(), cpu, bundle.peakRss());
        }
    }

    /** The same statements with the same values from memory, on as many connections. */
    Run ceiling(int connections, int batchSize) throws Exception {
        database.reset(workload);
        try (Ceiling ceiling = new Ceiling(this, connections, batchSize)) {
            ceiling.warmUp();
            return new Run(size.measured(), ceiling.write());
        }
    }

    /** A worker as Sequin's documents write it: receive, one awaited upsert a record, ack the batch. */
    Run documented(DocumentedWorker.Mode mode, int batchSize) throws Exception {
        database.reset(workload);
        DocumentedWorker worker = new DocumentedWorker(this, server.offer(size), mode, batchSize);
        FutureTask<Void> ended = new FutureTask<>(worker);
        Daemon.start("documented", ended::run);
        server.awaitWarm();
        Run run = server.awaitDrained();
        ended.get();
        return run;
    }

    /** A connection with the driver's settings that our process uses, and others. */
    Connection connect(String settings) throws SQLException {
        return DriverManager.getConnection(databaseUrl + "&reWriteBatchedInserts=true" + settings);
    }
}
