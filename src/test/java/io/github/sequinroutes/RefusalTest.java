package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 8: what somebody must fix is named, and requests are rare. */
@Order(1) // takes long
class RefusalTest {
    private static final String RECORD = TestRecord.of("stripe:subscription", "a", 1, "{}");

    private static void awaitHealth(TestBundle bundle, String message) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> bundle.health().getMessage().orElse("").contains(message));
        assertEquals(HealthCheck.State.DOWN, bundle.health().getState());
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "307 | a redirect, which is not followed; set sequin.url to where it leads",
                "401 | the token is missing or unknown; set sequin.token, or the file that sequin.token-file names",
                "403 | the token may not do this; give it access, or set another sequin.token",
                "404 | there is no such consumer, or no such sink of type sequin_stream; check sequin.url,"
                        + " sequin.consumer and sequin.api",
                "400 | the request is refused; is this the API that sequin.api says?"
            })
    void healthNamesWhatToFix(int status, String advice) throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.server().faults().always(Fault.status(status, "{\"summary\": \"no\"}"));
            bundle.offer(RECORD).start();
            awaitHealth(bundle, "Sequin answered " + status + ": " + advice);
            assertEquals(1, bundle.consumer().left());
            assertTrue(MetricsTest.counts(bundle, "sequin.polls", "outcome").containsKey("refused"));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aNewTokenInTheFileIsUsedWithoutARestart(boolean ofItsOwn, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("application.properties");
        Path tokenFile = folder.resolve("token");
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.workers", "1");
            if (ofItsOwn) {
                Files.writeString(tokenFile, TestBundle.TOKEN + "\n");
                bundle.set("sequin.token", "").set("sequin.token-file", tokenFile.toString());
            }
            write(bundle, file);
            bundle.start(Settings.load(file)).offer(RECORD).awaitDrained();

            bundle.server().token("another");
            bundle.offer(TestRecord.of("stripe:subscription", "b", 1, "{}"));
            awaitHealth(bundle, "sequin.token");
            int refused = bundle.server().requests().count(RequestKind.NEXT);
            if (ofItsOwn) {
                Files.writeString(tokenFile, "another\n");
            } else {
                write(bundle.set("sequin.token", "another"), file);
            }
            bundle.awaitDrained();
            await().until(() -> bundle.health().getState() == HealthCheck.State.UP);
            assertEquals("2", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(List.of(), bundle.deadLetters());

            // the pause after a refusal is the longest there is
            List<Long> times = bundle.server().requests().times(RequestKind.NEXT);
            long gap = TimeUnit.NANOSECONDS.toMillis(times.get(refused) - times.get(refused - 1));
            assertTrue(gap >= 7_500, gap + " ms");
        }
    }

    private static void write(TestBundle bundle, Path file) throws Exception {
        try (Writer out = Files.newBufferedWriter(file)) {
            bundle.properties().store(out, null);
        }
    }
}
