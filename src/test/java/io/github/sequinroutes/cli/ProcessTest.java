package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** For each test a process that is ready to start, between a server and a database of its own. */
abstract class ProcessTest {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    TestDatabase database;
    SandboxServer server;
    SandboxConsumer consumer;
    TestProcess process;

    @BeforeEach
    void prepareProcess() throws Exception {
        database = new TestDatabase();
        server = new SandboxServer(0, TestProcess.TOKEN);
        consumer = server.consumer("test", Duration.ofMinutes(10), 100_000);
        process = new TestProcess(server, database);
    }

    @AfterEach
    void end() throws IOException {
        process.close();
        server.close();
    }

    /** The process must end with this status, and must not show a stack trace. */
    static void assertExit(int status, TestProcess process) throws Exception {
        assertEquals(status, process.exitStatus(), process.output());
        assertFalse(process.output().contains("\tat "), process.output());
    }

    /** Offers as many customers, from c0 on. */
    void offer(int count) {
        for (int i = 0; i < count; i++) {
            consumer.offerAsIs(TestRecord.of("stripe:customer", "c" + i, 1, "{\"balance\": " + i + "}"));
        }
    }

    void awaitDrained() {
        await().atMost(PATIENCE).until(() -> consumer.left() == 0);
    }

    /** Waits until a statement of the process waits for a lock on the customers. */
    void awaitLocked() {
        await().atMost(PATIENCE).until(() -> !database.rows(
                        "select 1 from pg_locks where not granted and relation = 'stripe.customers'::regclass")
                .isEmpty());
    }
}
