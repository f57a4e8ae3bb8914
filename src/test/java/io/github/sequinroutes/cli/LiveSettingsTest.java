package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 72: what application.properties says is used while the process runs, or waits for a restart by name. */
@Order(1) // takes long
class LiveSettingsTest extends ProcessTest {
    private static final String SECRET = "Pa55w0rd";

    private List<String> lines(String part) throws IOException {
        return process.output().lines().filter(line -> line.contains(part)).toList();
    }

    /** Saves the file as it is configured now, and waits for what is said of it. */
    private void save(String answer) throws IOException {
        process.writeConfiguration("application.properties");
        process.awaitOutput(answer);
    }

    @Tag("long")
    @Test
    void whatCanBeUsedIsUsedAndTheRestIsNamed() throws Exception {
        process.environment("SEQUIN_BATCH_SIZE", "100").start().awaitOutput(" runs: consumer ");
        process.set("sequin.log-level", "debug");
        save("sequin.log-level is debug from now on.");
        process.awaitOutput(" DEBUG ");
        process.set("sequin.log-level", "info").set("sequin.dead-letters-per-second", "7");
        save("sequin.dead-letters-per-second of bundle sequin is 7 from now on.");

        process.set("sequin.workers", "3").set("postgres.password", SECRET);
        save("application.properties has changed: postgres.password, sequin.workers will count after a restart.");
        process.set("sequin.workers", "lots").set("sequin.dead-letters-per-second", "8");
        save("sequin.workers must ");
        process.set("sequin.workers", "3").set("sequin.batch-size", "10");
        save("not what counts: the environment or -D says sequin.batch-size.");
        assertEquals(
                1, lines("application.properties has changed: it can be used.").size(), process.output());
        assertEquals(1, lines("after a restart").size(), process.output());
        process.awaitOutput("sequin.dead-letters-per-second of bundle sequin is 8 from now on.");

        process.unset("sequin.workers").unset("postgres.password").set("sequin.writers", "1");
        process.set("sequin.token", "another");
        save("sequin.writers will count after a restart.");
        process.awaitOutput("of sequin.token has changed, and is used from now on.");
        assertEquals(2, lines("after a restart").size(), process.output());
        assertTrue(lines("sequin.token will").isEmpty(), process.output());
        // nothing of that needs what it was at start again
        assertFalse(lines("after a restart").get(1).contains("workers"), process.output());
        process.unset("sequin.writers");
        save("application.properties has changed: it can be used, and no key of it waits for a restart.");
        assertFalse(process.output().contains(SECRET), process.output());
    }
}
