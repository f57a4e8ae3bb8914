package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.Daemon;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
        return ours(StandalonePackage.BUILT, workers, batchSize);
    }

    /** That of another package. */
    Run ours(StandalonePackage standalone, int workers, int batchSize) throws Exception {
        database.reset(workload);
        return oursOnto(standalone, workers, batchSize);
    }

    /** The same, onto tables as they are. */
    Run oursOnto(int workers, int batchSize) throws Exception {
        return oursOnto(StandalonePackage.BUILT, workers, batchSize);
    }

    private Run oursOnto(StandalonePackage standalone, int workers, int batchSize) throws Exception {
        try (Bundle bundle = new Bundle(standalone, this, server.offer(size), workers, batchSize)) {
            server.awaitWarm();
            Duration before = bundle.cpu();
            Run drained = drained();
            Duration cpu = bundle.cpu().minus(before);
            database.checkDeadLetters();
            return new Run(drained.records(), drained.time(), drained.postgres(), cpu, bundle.peakRss());
        }
    }

    /** The rest that the server has, once whoever it is is warm. */
    private Run drained() throws Exception {
        PostgresCpu postgres = database.cpu();
        Duration before = postgres.total();
        BenchServer.Drained drained = server.awaitDrained();
        return new Run(drained.records(), drained.time(), postgres.total().minus(before));
    }

    /** The same statements with the same values from memory, on as many connections. */
    Run ceiling(int connections, int batchSize) throws Exception {
        return ceiling(Ceiling.Way.STATEMENTS, connections, batchSize);
    }

    /** The same rows from memory in another way. */
    Run ceiling(Ceiling.Way way, int connections, int batchSize) throws Exception {
        database.reset(workload);
        try (Ceiling ceiling = new Ceiling(this, way, connections, batchSize)) {
            ceiling.warmUp();
            PostgresCpu postgres = database.cpu();
            Duration before = postgres.total();
            Duration time = ceiling.write();
            return new Run(size.measured(), time, postgres.total().minus(before));
        }
    }

    /** Workers of another kind, each in a thread of its own, until there is nothing left. */
    Run workers(List<? extends Callable<Void>> workers) throws Exception {
        List<FutureTask<Void>> tasks =
                workers.stream().map(FutureTask<Void>::new).toList();
        tasks.forEach(task -> Daemon.start("worker", task::run));
        server.awaitWarm();
        Run run = drained();
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        return run;
    }

    /** A worker as Sequin's documents write it: receive, one awaited upsert a record, ack the batch. */
    Run documented(DocumentedWorker.Mode mode, int batchSize) throws Exception {
        database.reset(workload);
        return workers(List.of(new DocumentedWorker(this, server.offer(size), mode, batchSize)));
    }

    /** A connection with the driver's settings that our process uses, and others. */
    Connection connect(String settings) throws SQLException {
        return DriverManager.getConnection(databaseUrl + "&reWriteBatchedInserts=true" + settings);
    }
}
