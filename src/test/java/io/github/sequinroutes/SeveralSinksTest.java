package io.github.sequinroutes;

import static io.github.sequinroutes.OwnRoute.WRITE;
import static io.github.sequinroutes.OwnRoute.WRITE_OTHER;
import static io.github.sequinroutes.OwnRoute.bundle;
import static io.github.sequinroutes.OwnRoute.each;
import static io.github.sequinroutes.OwnRoute.route;
import static io.github.sequinroutes.OwnRoute.thing;
import static io.github.sequinroutes.OwnRoute.things;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 65: a message that a route writes several times, or to several tables, is never acked for a part of it. */
@Tag("postgres")
class SeveralSinksTest {
    private static final String LINES = """
            - setBody:
                expression:
                  simple:
                    expression: "[${bodyAs(String)}, ${bodyAs(String).replace('red', 'blue')}]"
            """;

    private static final String LIST = """
            - unmarshal:
                json:
                  library: Jackson
                  unmarshalType: java.util.List
            """;

    /** An order that becomes its lines: one of them would stand for all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneRecordBecomesTwoRows(boolean together) throws Exception {
        String steps = each(LINES + (together ? WRITE : LIST + each(WRITE)));
        try (TestBundle bundle = route(bundle(), steps)) {
            bundle.offer(thing("a", 1, "red"));
            bundle.start().awaitUnhealthy("several records of one message");
            assertEquals(1, bundle.consumer().left());
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|red"), things(bundle));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "    aggregationStrategy: \"#class:org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy\"\n"
            })
    void twoSinksAtOnce(String strategy) throws Exception {
        String steps = """
                - multicast:
                    parallelProcessing: true
                """ + strategy + """
                    steps:
                """ + (WRITE + WRITE_OTHER).indent(6);
        try (TestBundle bundle = route(bundle(), steps)) {
            for (int i = 0; i < 20; i++) {
                bundle.offer(thing("a" + i, 1, "a"));
            }
            bundle.start().awaitUnhealthy("a second postgres-upsert-sink");
            long delivered = bundle.consumer().delivered();
            await().until(() -> bundle.consumer().delivered() >= delivered + 100);
            assertEquals(20, bundle.consumer().left());
        }
    }

    /** What a route keeps to itself is a failure all the same. */
    @Test
    void theSecondSinkFailsAndTheRouteIsSilent() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - doTry:
                    steps:
                """ + (WRITE + WRITE_OTHER).indent(6) + """
                    doCatch:
                      - exception:
                          - java.lang.Exception
                        steps:
                          - log:
                              message: caught
                """)) {
            bundle.offer(thing("a", 1, "a"));
            bundle.start().awaitUnhealthy("a second postgres-upsert-sink");
            assertEquals(1, bundle.consumer().left());
        }
    }

    /** The table of one branch is missing; what goes well in the other does not say that it is there again. */
    @Test
    void oneOfTwoTablesIsMissing() throws Exception {
        String choice = """
                - choice:
                    when:
                      - expression:
                          simple:
                            expression: ${body.value('id')} startsWith 'b'
                        steps:
                """ + WRITE_OTHER.indent(10) + """
                    otherwise:
                      steps:
                """ + WRITE.indent(8);
        try (TestBundle bundle = route(bundle(), each(choice))) {
            bundle.database().execute("alter table other rename to gone");
            bundle.offer(IntStream.range(0, 50)
                            .mapToObj(i -> thing("b" + i, 1, "x"))
                            .toArray(String[]::new))
                    .start()
                    .awaitUnhealthy("SQLSTATE 42P01");
            long before = bundle.consumer().delivered();
            bundle.offer(
                    IntStream.range(0, 10).mapToObj(i -> thing("a" + i, 1, "x")).toArray(String[]::new));
            await().until(() -> things(bundle).size() == 10);
            long delivered = bundle.consumer().delivered() - before;
            assertTrue(delivered < 1_000, delivered + " deliveries");
            bundle.database().execute("alter table gone rename to other");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("50", bundle.database().value("select count(*) from other"));
        }
    }

    /** The others of one worker are written, while the steps of a route take longer than a lease. */
    @Test
    void aSlowStepHoldsUpItsOwnCollection() throws Exception {
        String slow = """
                - delay:
                    expression:
                      constant:
                        expression: 6000
                """;
        try (TestBundle bundle = route(bundle(), slow + WRITE)) {
            bundle.set("sequin.workers", "1");
            bundle.collection("test:other", OwnRoute.UPSERT.replace("into thing", "into other"));
            bundle.offer(thing("a", 1, "a"));
            bundle.start().awaitUnhealthy("the steps of its route take longer than the lease");
            for (int i = 0; i < 3; i++) {
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{}"));
                String id = "o" + i;
                await().until(() -> bundle.database()
                        .value("select count(*) from other where id = '" + id + "'")
                        .equals("1"));
            }
            assertEquals(List.of(), things(bundle));
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
        }
    }
}
