package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 48: every command says that a database cannot be used, and changes nothing in it. */
class UnsuitableDatabaseCommandTest {
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "migrate", "replay"})
    void aDatabaseThatIsNotUtf8(String command) throws Exception {
        TestDatabase database = TestDatabase.encoded("LATIN1");
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database)) {
            assertEquals(2, process.start(command).exitStatus(), process.output());
            String last = process.output().lines().reduce((line, next) -> next).orElse("");
            assertTrue(
                    last.startsWith(
                            "The database " + database.name() + " has the encoding LATIN1, but it must be UTF8"),
                    process.output());
        }
        assertEquals("0", database.value("select count(*) from pg_namespace where nspname = 'sequin'"));
    }
}
