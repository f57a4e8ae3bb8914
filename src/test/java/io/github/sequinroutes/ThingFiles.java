package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The files of the collection {@code test:thing}, for tests that break and change them. */
final class ThingFiles {
    static final String ROUTE = "test-thing.camel.yaml";
    static final String TEMPLATE = "test-thing.upsert.sql";

    private ThingFiles() {}

    static TestBundle bundle() throws Exception {
        return Things.guardedByTheTemplate(new TestBundle(Duration.ofSeconds(2)));
    }

    static Path file(TestBundle bundle, String name) {
        return bundle.routes().resolve("collections").resolve(name);
    }

    static void replace(TestBundle bundle, String name, String old, String replacement) throws IOException {
        String text = Files.readString(file(bundle, name));
        assertTrue(text.contains(old), text);
        Files.writeString(file(bundle, name), text.replace(old, replacement));
    }

    static String health(TestBundle bundle) {
        return bundle.health().getDetails().toString();
    }

    static void assertRunsOn(TestBundle bundle, String rows) throws Exception {
        bundle.awaitDrained().awaitHealthy();
        assertEquals(List.of(), bundle.deadLetters());
        assertEquals(rows, bundle.database().value(Things.COUNT));
    }
}
