package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 48: a database in which a record could be neither written nor dead-lettered gets none. */
@Tag("postgres")
class UnsuitableDatabaseTest {
    private static TestBundle bundle(String encoding) throws Exception {
        TestBundle bundle = new TestBundle(Duration.ofSeconds(30), TestDatabase.encoded(encoding));
        return bundle.offer(TestRecord.of("stripe:customer", "c", 1, "{\"email\": \"\u4f60@example.org\"}"));
    }

    private static void assertRefused(TestBundle bundle, String encoding) throws Exception {
        String refusal = "The database " + bundle.database().name() + " has the encoding " + encoding;
        // from health's own check, and from the worker's
        bundle.awaitUnhealthy("postgres=" + refusal).awaitUnhealthy("worker-1=" + refusal);
        assertEquals(0, bundle.server().requests().count(RequestKind.NEXT));
        assertEquals("0", bundle.database().value("select count(*) from pg_namespace where nspname = 'sequin'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
    void anEncodingOtherThanUtf8IsRefused(String encoding) throws Exception {
        try (TestBundle bundle = bundle(encoding)) {
            assertRefused(bundle.start(), encoding);
        }
    }

    @Test
    void itIsRefusedWithoutMigrationToo() throws Exception {
        try (TestBundle bundle = bundle("LATIN1")) {
            assertRefused(bundle.set("sequin.migrate", "false").start(), "LATIN1");
        }
    }

    @Test
    void itIsRefusedWhenItComesUpLater() throws Exception {
        try (TestBundle bundle = bundle("LATIN1")) {
            TcpProxy network = bundle.network();
            network.refuse();
            bundle.start().awaitUnhealthy("refused");
            network.accept();
            assertRefused(bundle, "LATIN1");
        }
    }
}
