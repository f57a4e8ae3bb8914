package io.github.sequinroutes;

import static io.github.sequinroutes.OwnRoute.UPSERT;
import static io.github.sequinroutes.OwnRoute.WRITE;
import static io.github.sequinroutes.OwnRoute.bundle;
import static io.github.sequinroutes.OwnRoute.route;
import static io.github.sequinroutes.OwnRoute.thing;
import static io.github.sequinroutes.OwnRoute.things;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Outcome;
import java.nio.file.Files;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A collection as an ordinary route, with steps of the user's own before the Kamelet that writes. */
class OrdinaryRoutesTest {
    private static long count(TestBundle bundle, Outcome outcome) {
        return bundle.standalone().bundle().collections().outcomes().of(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                WRITE,
                "- to:\n    uri: kamelet:postgres-upsert-sink?upsert=thing.upsert.sql\n",
                "- to: kamelet:postgres-upsert-sink/mine?upsert=thing.upsert.sql\n",
                "- kamelet:\n    name: postgres-upsert-sink\n    parameters:\n      upsert: thing.upsert.sql\n",
            })
    void isWrittenAsABatch(String write) throws Exception {
        try (TestBundle bundle = route(bundle(), write)) {
            bundle.offer(thing("a", 2, "new"), thing("a", 1, "old"), thing("b", 1, "b"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|2|new", "b|1|b"), things(bundle));
            assertEquals(2, count(bundle, Outcome.WRITTEN));
            assertEquals(1, count(bundle, Outcome.SUPERSEDED));
        }
    }

    @Test
    void whatIsRejectedBecomesADeadLetter() throws Exception {
        try (TestBundle bundle = route(bundle(), WRITE)) {
            bundle.database().execute("alter table thing add check (name <> 'bad')");
            bundle.offer(thing("a", 1, "good"), thing("b", 1, "bad")).start().awaitDrained();
            assertEquals(List.of("a|1|good"), things(bundle));
            assertEquals(List.of("rejected|23514|b"), bundle.deadLetters());
        }
    }

    /** Dropped on purpose is an outcome of its own: acked, counted, and written nowhere. */
    @Test
    void aRouteDropsSome() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - split:
                    expression:
                      simple:
                        expression: ${body}
                    steps:
                      - filter:
                          expression:
                            simple:
                              expression: ${bodyAs(String)} contains 'drop me'
                          steps:
                            - to:
                                uri: kamelet:drop-sink
                """ + WRITE)) {
            bundle.offer(thing("a", 1, "a"), thing("b", 1, "drop me")).start().awaitDrained();
            assertEquals(List.of("a|1|a"), things(bundle));
            assertEquals(1, count(bundle, Outcome.WRITTEN));
            assertEquals(1, count(bundle, Outcome.DROPPED));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** The token is still that of the message, and so is the dead letter. */
    @Test
    void aRouteChangesRecords() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - split:
                    expression:
                      simple:
                        expression: ${body}
                    steps:
                      - setBody:
                          expression:
                            simple:
                              expression: ${bodyAs(String).replace('secret', 'hidden')}
                      - to:
                          uri: kamelet:postgres-upsert-sink
                          parameters:
                            upsert: thing.upsert.sql
                """)) {
            bundle.database().execute("alter table thing add check (name <> 'bad hidden')");
            bundle.offer(thing("a", 1, "secret"), thing("b", 1, "bad secret"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|1|hidden"), things(bundle));
            assertEquals(List.of("rejected|23514|b"), bundle.deadLetters());
            assertTrue(bundle.database()
                    .rows("select message from sequin.dead_letters")
                    .get(0)
                    .contains("bad secret"));
        }
    }

    /** What a route has forgotten is neither acked nor asked for again and again: its collection is paused. */
    @Test
    void aRouteForgetsToWrite() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - filter:
                    expression:
                      simple:
                        expression: ${body.size} == 0
                    steps:
                """ + WRITE.indent(6))) {
            bundle.collection("test:other", UPSERT);
            bundle.offer(thing("a", 1, "a"), TestRecord.of("test:other", "o", 1, "{\"name\": \"o\"}"));
            bundle.start()
                    .awaitUnhealthy(
                            "its route thing has ended, and done nothing with 1 of 1 messages, the record a among them");
            await().until(() -> things(bundle).equals(List.of("o|1|o")));
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|a", "o|1|o"), things(bundle));
        }
    }

    /** A condition on a text must not be asked of the whole batch, of which Camel would make some text. */
    @Test
    void aRouteForgetsToSplit() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - filter:
                    expression:
                      simple:
                        expression: ${bodyAs(String)} !contains 'drop'
                    steps:
                """ + WRITE.indent(6))) {
            bundle.offer(thing("a", 1, "keep"), thing("b", 1, "drop"));
            bundle.start().awaitUnhealthy("a batch of 2 messages, not one: split it");
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|keep", "b|1|drop"), things(bundle));
        }
    }

    /** At each try one line at most, and no stack trace: the user can do nothing with it. */
    @Test
    void aStepThatFailsAtEachTry() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                        - setVariable:
                            name: live
                            expression:
                              simple:
                                expression: ${body.value('data.live')}
                        """ + WRITE);
                LogWatch log = new LogWatch(bundle.routes())) {
            bundle.offer(thing("a", 1, "a")).start();
            bundle.awaitUnhealthy("thing.camel.yaml:2:5: a step of the route has failed: Method with name:"
                    + " value('data.live') not found on bean: a batch of 1 messages, not one: split it before a step that is"
                    + " for one message of type: io.github.sequinroutes.message.Group; correct the step");
            await().until(() -> bundle.consumer().delivered() > 3);
            assertEquals(1, log.lines("ERROR ").size(), log.lines("ERROR ").toString());
            assertEquals(List.of(), log.traces());
        }
    }

    /** Whatever the condition is: it is asked of the batch, and Camel would look into that. */
    @ParameterizedTest
    @CsvSource({
        "drop-sink, ${body} !contains 'keep'",
        "dead-letter-sink, ${body} !contains 'keep'",
        "postgres-upsert-sink?upsert=thing.upsert.sql, ${body.value('data.live')} == 'true'"
    })
    void aConditionThatIsForTheWholeBatchIsRefused(String step, String condition) throws Exception {
        String sink = step.replaceFirst("\\?.*", "");
        try (TestBundle bundle = route(bundle(), """
                - filter:
                    simple: "%s"
                    steps:
                      - to: kamelet:%s
                """.formatted(condition, step) + (step.contains("?") ? "" : WRITE))) {
            bundle.offer(thing("a", 1, "keep"), thing("b", 1, "b"));
            bundle.start().awaitUnhealthy(sink + " stands under a condition, which is asked of the whole batch");
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|keep", "b|1|b"), things(bundle));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kamlet:postgres-upsert-sink, parameters, there is no component kamlet; did you mean kamelet?",
        "kamelet:postgres-upsert-sink, paramters, a step has no paramters; did you mean parameters?",
    })
    void aMisspeltStepIsShown(String uri, String parameters, String problem) throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - to:
                    uri: %s
                    %s:
                      upsert: thing.upsert.sql
                """.formatted(uri, parameters))) {
            bundle.start().awaitUnhealthy(problem);
        }
    }

    /** An ack must never follow a failure that a route has kept to itself. */
    @Test
    void aRouteKeepsAFailureToItself() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - doTry:
                    steps:
                """ + WRITE.indent(6) + """
                    doCatch:
                      - exception:
                          - java.lang.Exception
                        steps:
                          - setBody:
                              expression:
                                constant:
                                  expression: nothing happened
                """)) {
            bundle.database().execute("alter table thing rename to gone");
            bundle.offer(thing("a", 1, "a")).start().awaitUnhealthy("does not exist");
            bundle.database().execute("alter table gone rename to thing");
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|a"), things(bundle));
        }
    }

    @Test
    void aRouteWithoutAnyStepThatWrites() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - log:
                    message: nothing else
                """)) {
            bundle.offer(thing("a", 1, "a"))
                    .start()
                    .awaitUnhealthy(
                            "thing.camel.yaml:2:5: the route of test:thing says of no message what becomes of it");
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|a"), things(bundle));
        }
    }

    /** A route that another one sends to is for no collection. */
    @Test
    void aRouteWithHelpers() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - to:
                    uri: direct:clean-up
                """ + WRITE)) {
            Files.writeString(bundle.routes().resolve("collections/helpers.camel.yaml"), """
                    - route:
                        id: clean-up
                        from:
                          uri: direct:clean-up
                          steps:
                            - setVariable:
                                name: cleaned
                                expression:
                                  simple:
                                    expression: ${body}
                    """);
            bundle.offer(thing("a", 1, "a"), TestRecord.of("clean-up", "b", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|1|a"), things(bundle));
            assertEquals(List.of("unknown-collection|~|b"), bundle.deadLetters());
        }
    }

    @Test
    void mistakesInAStep() throws Exception {
        try (TestBundle bundle = route(bundle(), WRITE.replace("upsert:", "upsrt:"))) {
            bundle.start()
                    .awaitUnhealthy(
                            "thing.camel.yaml:9:22: postgres-upsert-sink has no parameter upsrt in the route of a collection; did you mean upsert?");
            route(bundle, WRITE.replace("upsert-sink", "upsert-snk"));
            bundle.awaitUnhealthy("there is no Kamelet postgres-upsert-snk; did you mean postgres-upsert-sink?");
            route(bundle, WRITE.replace("thing.upsert", "think.upsert"));
            bundle.awaitUnhealthy("thing.camel.yaml:9:23: there is no file");
            route(bundle, WRITE + "guard: legder\n".indent(6));
            bundle.awaitUnhealthy("guard must be template or ledger, not 'legder'");
            route(bundle, WRITE);
            bundle.awaitHealthy();
        }
    }

    /** The file is loaded anew under the same names, while messages come. */
    @Test
    void aTemplateChanges() throws Exception {
        try (TestBundle bundle = route(bundle(), WRITE)) {
            bundle.offer(thing("a", 1, "a")).start().awaitDrained();
            Files.writeString(
                    bundle.routes().resolve("collections/thing.upsert.sql"),
                    UPSERT.replace(":#data.name", "upper(:#data.name)"));
            await().until(() -> {
                bundle.offer(thing("b", 1, "b")).awaitDrained();
                return things(bundle).contains("b|1|B");
            });
        }
    }

    /** Since Camel 4.10 a Kamelet has its caller's error handler (CAMEL-21599): a host's must not make a failure an ack. */
    @Test
    void aHostHandlesEveryException() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - to:
                    uri: sql:select fail_once()
                    parameters:
                      dataSource: "#postgres"
                      noop: true
                """ + WRITE)) {
            bundle.database().execute("create sequence tries");
            bundle.database().execute("""
                    create function fail_once() returns int language plpgsql as $$ begin
                      if nextval('tries') < 3 then raise 'it fails'; end if;
                      return 1;
                    end $$""");
            Files.writeString(bundle.routes().resolve("collections/host.camel.yaml"), """
                    - routeConfiguration:
                        onException:
                          - onException:
                              exception:
                                - java.lang.Exception
                              handled:
                                constant:
                                  expression: "true"
                    """);
            bundle.offer(thing("a", 1, "a")).start().awaitUnhealthy("it fails");
            assertEquals(1, bundle.consumer().left());
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|a"), things(bundle));
            assertEquals(List.of("3"), bundle.database().rows("select last_value from tries"));
        }
    }

    /** What has no message cannot be acked, nor be a dead letter: it must not be swallowed. */
    @ParameterizedTest
    @ValueSource(strings = {WRITE, "- to:\n    uri: kamelet:dead-letter-sink\n", "- to:\n    uri: kamelet:drop-sink\n"})
    void anotherRouteSendsToIt(String sink) throws Exception {
        try (TestBundle bundle = route(bundle(), sink)) {
            bundle.start();
            Exchange done = bundle.standalone()
                    .context()
                    .createFluentProducerTemplate()
                    .withBody("{\"id\": \"a\"}")
                    .to("direct:sequin-collection:test:thing")
                    .send();
            assertTrue(
                    done.getException().getMessage().startsWith("Only the bundle sends to the route of a collection"));
        }
    }

    private static final String EACH = """
            - split:
                expression:
                  simple:
                    expression: ${body}
                steps:
            """;

    private static final String CHANGE = """
            - setBody:
                expression:
                  simple:
                    expression: ${bodyAs(String).replace('secret', 'hidden')}
            """;

    /** Which of two tables has a message nobody could tell: nothing is acked, and the collection says why. */
    @ParameterizedTest
    @ValueSource(strings = {WRITE + WRITE, "CHANGED"})
    void aSecondSink(String steps) throws Exception {
        String all = steps.equals("CHANGED") ? EACH + (CHANGE + WRITE + WRITE).indent(6) : steps;
        try (TestBundle bundle = route(bundle(), all)) {
            bundle.offer(thing("a", 1, "a")).start().awaitUnhealthy("a second postgres-upsert-sink");
            assertEquals(1, bundle.consumer().left());
            route(bundle, WRITE);
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("a|1|a"), things(bundle));
        }
    }

    /** What has been rejected stays a dead letter, whatever a later step says of it. */
    @Test
    void droppedAfterItWasRejected() throws Exception {
        String drop = "- to:\n    uri: kamelet:drop-sink\n";
        try (TestBundle bundle = route(bundle(), EACH + (CHANGE + WRITE + drop).indent(6))) {
            bundle.database().execute("alter table thing add check (name <> 'bad')");
            bundle.offer(thing("a", 1, "good"), thing("b", 1, "bad")).start().awaitDrained();
            assertEquals(List.of("a|1|good"), things(bundle));
            assertEquals(List.of("rejected|23514|b"), bundle.deadLetters());
        }
    }

    /** Records of the same ID and version are told apart by their collection. */
    @Test
    void aRouteOfAnyCollectionForgetsOne() throws Exception {
        String when = """
                - filter:
                    expression:
                      simple:
                        expression: ${body.collection} == 'test:thing'
                    steps:
                """ + (CHANGE + WRITE).indent(6);
        try (TestBundle bundle = bundle()) {
            Files.writeString(
                    bundle.routes().resolve("collections/thing.camel.yaml"), """
                    - route:
                        id: thing
                        from:
                          uri: "direct:*"
                          steps:
                    """ + (EACH + when.indent(6)).indent(8));
            bundle.offer(thing("a", 1, "a"), TestRecord.of("test:two", "a", 1, "{\"name\": \"two\"}"))
                    .start()
                    .awaitUnhealthy("done nothing with 1 of");
            await().until(() -> bundle.consumer().left() == 1);
            assertEquals(List.of("a|1|a"), things(bundle));
        }
    }

    /** Whatever a route does with its exchange, the other messages of the batch go on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "- stop: {}\n",
                "- rollback:\n    markRollbackOnly: true\n",
                "- setVariable:\n    name: sequinGroup\n    expression:\n      constant:\n        expression: mine\n"
            })
    void aRouteEndsEarly(String step) throws Exception {
        try (TestBundle bundle = route(bundle(), step + WRITE)) {
            bundle.collection("test:other", UPSERT.replace("into thing", "into other"));
            bundle.offer(thing("a", 1, "a"), TestRecord.of("test:other", "o", 1, "{}"), "{\"id\": 1}")
                    .start()
                    .awaitUnhealthy("test:thing");
            await().until(() -> bundle.consumer().left() == 1);
            assertEquals(List.of("o"), bundle.database().rows("select id from other"));
            assertEquals(List.of("malformed|~|1"), bundle.deadLetters());
        }
    }

    /** The sink is in a route of its own, which the network cannot reach. */
    @Test
    void aHelperWrites() throws Exception {
        try (TestBundle bundle = route(bundle(), "- to:\n    uri: direct:write-it\n")) {
            Files.writeString(bundle.routes().resolve("collections/helpers.camel.yaml"), """
                    - route:
                        id: write-it
                        from:
                          uri: direct:write-it
                          steps:
                    """ + WRITE.indent(8));
            bundle.offer(thing("a", 1, "a"), TestRecord.of("write-it", "b", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|1|a"), things(bundle));
            assertEquals(List.of("unknown-collection|~|b"), bundle.deadLetters());
        }
    }
}
