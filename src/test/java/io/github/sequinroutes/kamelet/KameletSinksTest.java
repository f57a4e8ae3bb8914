package io.github.sequinroutes.kamelet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The sinks in the routes of others, to which any source may send. */
class KameletSinksTest {
    private static final String UPSERT = """
            insert into thing as t (id, updated_idx, name, total) values (:#id, :#updated_idx, :#name, :#total)
            on conflict (id) do update set updated_idx = excluded.updated_idx, name = excluded.name, total = excluded.total
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            """;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final TemporaryFolder folder;
    private final TestDatabase database;

    KameletSinksTest() throws Exception {
        folder = new TemporaryFolder("sinks");
        database = database();
    }

    private static TestDatabase database() throws Exception {
        TestDatabase made = new TestDatabase();
        made.execute(
                "create table thing (id text primary key, updated_idx bigint, name text check (name <> 'bad'), total numeric)");
        return made;
    }

    @BeforeEach
    void templates() throws Exception {
        Files.writeString(folder.path().resolve("thing.upsert.sql"), UPSERT);
        context.getRegistry().bind("one", dataSource(database));
    }

    @AfterEach
    void close() throws Exception {
        context.stop();
        folder.close();
        database.drop();
    }

    private static PGSimpleDataSource dataSource(TestDatabase database) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.url());
        return dataSource;
    }

    private void start(String routes) throws Exception {
        Path file = folder.path().resolve("routes.camel.yaml");
        Files.writeString(file, routes.replace("$FOLDER", folder.path().toString()));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveResource(context, "file:" + file));
        context.start();
    }

    private void startWriting(String... parameters) throws Exception {
        start("""
                - route:
                    id: in
                    errorHandler:
                      noErrorHandler: {}
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            uri: kamelet:postgres-upsert-sink
                            parameters:
                              upsert: $FOLDER/thing.upsert.sql
                """ + String.join("\n", parameters).indent(14));
    }

    private void send(Object body) {
        Exchange done = context.createFluentProducerTemplate()
                .withBody(body)
                .to("direct:in")
                .send();
        assertNull(done.getException());
    }

    private Throwable failure(Object body) {
        return assertThrows(CamelExecutionException.class, () -> context.createProducerTemplate()
                        .sendBody("direct:in", body))
                .getCause();
    }

    private List<String> things() throws Exception {
        return database.rows("select id, updated_idx, name, total from thing order by id");
    }

    @Test
    void takesRecordsFromAnySource() throws Exception {
        startWriting();
        String json = "{\"id\": \"%s\", \"updated_idx\": 1, \"name\": \"%s\", \"total\": 0.10}";
        send(json.formatted("a", "text"));
        send(json.formatted("b", "bytes").getBytes(StandardCharsets.UTF_8));
        send(new ByteArrayInputStream(json.formatted("c", "stream").getBytes(StandardCharsets.UTF_8)));
        send(Map.of("id", "d", "updated_idx", 1, "name", "map", "total", new BigDecimal("0.10")));
        send("[" + json.formatted("e", "in an array") + ", " + json.formatted("f", "too") + "]");
        send(List.of(json.formatted("g", "in a list"), Map.of("id", "h", "updated_idx", 1)));
        assertEquals(
                List.of(
                        "a|1|text|0.10",
                        "b|1|bytes|0.10",
                        "c|1|stream|0.10",
                        "d|1|map|0.10",
                        "e|1|in an array|0.10",
                        "f|1|too|0.10",
                        "g|1|in a list|0.10",
                        "h|1|~|~"),
                things());
    }

    @Test
    void theNewestOfAListWins() throws Exception {
        startWriting();
        send(
                "[{\"id\": \"a\", \"updated_idx\": 2, \"name\": \"new\"}, {\"id\": \"a\", \"updated_idx\": 1, \"name\": \"old\"}]");
        send("{\"id\": \"a\", \"updated_idx\": 1, \"name\": \"older\"}");
        assertEquals(List.of("a|2|new|~"), things());
    }

    /** The others are written, and whoever sent them learns which is not, and why. */
    @Test
    void whatIsRejectedFails() throws Exception {
        startWriting();
        Throwable failure = failure(
                "[{\"id\": \"a\", \"updated_idx\": 1, \"name\": \"good\"}, {\"id\": \"b\", \"updated_idx\": 1, \"name\": \"bad\"}]");
        assertEquals(RecordsNotWrittenException.class, failure.getClass());
        assertTrue(
                failure.getMessage()
                        .matches(
                                "(?s)1 of 2 records were not written: b \\(\\S*thing\\.upsert\\.sql:1:84: :#name for column"
                                        + " name: new row for relation \"thing\".*"),
                failure.getMessage());
        assertEquals(List.of("a|1|good|~"), things());
    }

    @Test
    void whatIsNoRecordFails() throws Exception {
        startWriting();
        assertEquals(
                "A record is a JSON object, not a single value", failure("17").getMessage());
        assertTrue(failure("{\"id\": ").getMessage().startsWith("A record is not JSON: "));
        assertTrue(failure("{\"id\": 1},\"record\": {\"id\": 2}").getMessage().startsWith("A record is not JSON: "));
        assertEquals(
                "A record is JSON: a text, a map, or a list of them; not a java.lang.Object",
                failure(new Object()).getMessage());
        assertEquals(List.of(), things());
    }

    @Test
    void aTableThatIsMissingFailsUntilItIsThere() throws Exception {
        startWriting();
        database.execute("alter table thing rename to gone");
        Throwable failure = failure("{\"id\": \"a\", \"updated_idx\": 1}");
        assertTrue(
                failure.getMessage().contains("relation \"thing\" does not exist (SQLSTATE 42P01)"),
                failure.getMessage());
        database.execute("alter table gone rename to thing");
        send("{\"id\": \"a\", \"updated_idx\": 1}");
        assertEquals(List.of("a|1|~|~"), things());
    }

    /** The ledger keeps old versions out, in tables of the bundle's own, which it creates. */
    @Test
    void withTheLedger() throws Exception {
        Files.writeString(folder.path().resolve("thing.upsert.sql"), UPSERT.replaceAll("(?m)^where .*", ""));
        startWriting("guard: ledger");
        send("{\"id\": \"a\", \"updated_idx\": 2, \"name\": \"new\"}");
        send("{\"id\": \"a\", \"updated_idx\": 1, \"name\": \"old\"}");
        assertEquals(List.of("a|2|new|~"), things());
        assertTrue(failure("{\"id\": \"a\"}").getMessage().contains("the ledger needs a version"));
    }

    @Test
    void severalDataSources() throws Exception {
        TestDatabase other = database();
        try {
            context.getRegistry().bind("two", dataSource(other));
            start("""
                    - route:
                        from:
                          uri: direct:in
                          steps:
                            - to:
                                uri: kamelet:postgres-upsert-sink
                                parameters:
                                  upsert: $FOLDER/thing.upsert.sql
                                  dataSource: one
                            - to:
                                uri: kamelet:postgres-upsert-sink
                                parameters:
                                  upsert: $FOLDER/thing.upsert.sql
                                  dataSource: two
                    """);
            send("{\"id\": \"a\", \"updated_idx\": 1}");
            assertEquals(List.of("a|1|~|~"), things());
            assertEquals(List.of("a"), other.rows("select id from thing"));
        } finally {
            other.drop();
        }
    }

    @Test
    void aRouteKeepsDeadLetters() throws Exception {
        start("""
                - route:
                    id: in
                    from:
                      uri: direct:in
                      steps:
                        - doTry:
                            steps:
                              - to:
                                  uri: kamelet:postgres-upsert-sink
                                  parameters:
                                    upsert: $FOLDER/thing.upsert.sql
                            doCatch:
                              - exception:
                                  - io.github.sequinroutes.kamelet.RecordsNotWrittenException
                                steps:
                                  - to:
                                      uri: kamelet:dead-letter-sink
                """);
        // as long as none has been accepted, the table may be what is wrong
        assertTrue(failure("{\"id\": \"b\", \"updated_idx\": 1, \"name\": \"bad\"}")
                .getMessage()
                .contains("no record is accepted"));
        send("{\"id\": \"a\", \"updated_idx\": 1}");
        send("{\"id\": \"b\", \"updated_idx\": 1, \"name\": \"bad\"}");
        send("{\"id\": \"b\", \"updated_idx\": 1, \"name\": \"bad\"}");
        assertEquals(
                List.of("kamelet|b|rejected|2|{\"id\": \"b\", \"updated_idx\": 1, \"name\": \"bad\"}"),
                database.rows(
                        "select consumer, record_id, reason, attempts, message::json ->> 'record' from sequin.dead_letters"));
    }
}
