package io.github.sequinroutes.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.check.CheckCase;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/promises.md 75: a template leaves the same tables, and fails with the same SQLSTATE, whether it runs once for each
 * record or as one statement for all. With every template of the corpora of check, and the ready-made ones.
 */
@Tag("postgres")
@Tag("long")
class BothWaysTest {
    private static final Path CHECK = Path.of("src/test/resources/check");
    private static final Path READY_MADE = Path.of("src/main/resources/ready-made");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDS = 24;
    private static final int MAX_RECORD_SIZE = 1_000_000;

    /** What a template has written, less what no two statements write alike. */
    private static final String TABLES = """
            select string_agg(format('select %L, md5(t::text) from (select %s from %I.%I) t', relname, columns, nspname, relname),
              ' union all ')
            from (
              select nspname, relname, string_agg(quote_ident(attname), ',' order by attnum) as columns
              from pg_class c join pg_namespace n on n.oid = relnamespace join pg_attribute on attrelid = c.oid
              where nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'sequin') and relkind = 'r'
                and attnum > 0 and not attisdropped
              group by 1, 2) as tables""";

    private static final String RESTART =
            "select setval(format('%I.%I', schemaname, sequencename)::regclass, 1000) from pg_sequences where schemaname <> 'sequin'";

    private static TestDatabase database;
    private static Connection connection;

    private final Random random = new Random();

    @BeforeAll
    static void prepare() throws Exception {
        database = new TestDatabase();
        database.execute(Files.readString(CHECK.resolve("schema.sql")));
        database.execute("create extension if not exists citext");
        try (Stream<Path> files = Files.walk(READY_MADE)) {
            for (Path ddl : files.filter(file -> file.toString().matches(".*/[^.]+\\.sql"))
                    .sorted()
                    .toList()) {
                database.execute(Files.readString(ddl));
            }
        }
        connection = database.connect();
        connection.setAutoCommit(false);
    }

    @AfterAll
    static void drop() throws SQLException {
        connection.close();
        database.drop();
    }

    /** A template, and the API of its messages. */
    private record Case(String name, String sql, String api) {}

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String corpus : List.of("right.txt", "mistakes.txt")) {
            for (CheckCase each : CheckCase.read(Files.readString(CHECK.resolve(corpus)))) {
                // a clock that stands still while both are run
                String sql = each.sql().replace("clock_timestamp()", "now()");
                cases.add(new Case(corpus + ": " + each.name(), sql, each.has("stream") ? "stream" : "consume"));
            }
        }
        try (Stream<Path> files = Files.walk(READY_MADE)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".upsert.sql"))
                    .sorted()
                    .toList()) {
                cases.add(new Case(file.getFileName().toString(), Files.readString(file), "consume"));
            }
        }
        return cases;
    }

    @Test
    void everyTemplate() throws Exception {
        long seed = Long.getLong("both-ways.seed", System.nanoTime());
        random.setSeed(seed);
        int sets = 0;
        int single = 0;
        int refused = 0;
        List<String> wrong = new ArrayList<>();
        for (Case each : cases()) {
            if (each.sql.contains("random")) {
                continue; // no two runs are alike
            }
            Savepoint before = connection.setSavepoint();
            try {
                Boolean isSet = compare(each, wrong);
                sets += Boolean.TRUE.equals(isSet) ? 1 : 0;
                single += Boolean.FALSE.equals(isSet) ? 1 : 0;
            } catch (SQLException | TemplateException ofAMistake) {
                refused++;
            } finally {
                connection.rollback(before);
            }
        }
        System.out.printf(
                "both-ways.seed %d: %d templates as sets, %d one by one, %d refused%n", seed, sets, single, refused);
        assertEquals(List.of(), wrong, "seed " + seed);
        assertTrue(sets > 150, sets + " sets");
    }

    /** A statement for each record reads every value, whether it comes to use it or not. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into t (id, n) values (:#id, case when :#data.ok then :#data.n + 1 end)",
                "delete from t where id = :#id and n <= :#data.n + 1 and :#data.ok"
            })
    void aValueThatIsNotLookedAtIsReadAllTheSame(String sql) throws Exception {
        try (Connection own = database.connect();
                Statement ddl = own.createStatement()) {
            own.setAutoCommit(false);
            ddl.execute("create temporary table t (id text primary key, n int)");
            TemplateStatement statement = new TemplateStatement(new Template("t.sql", sql), MAX_RECORD_SIZE);
            DescribedTemplate now = statement.describe(own);
            assertTrue(now.isSet());
            List<Message> messages = new ArrayList<>();
            for (String n : List.of("1", "\"many\"")) {
                messages.add(StoredMessages.read(
                        "{\"record\": {\"id\": %s, \"data\": {\"ok\": false, \"n\": %s}}}"
                                .formatted(n, n)
                                .getBytes(StandardCharsets.UTF_8),
                        SequinApi.of("consume").format()));
            }
            for (Way way : List.of(Way.SINGLY, Way.SET)) {
                Savepoint before = own.setSavepoint();
                SQLException failure = assertThrows(
                        SQLException.class,
                        () -> statement.execute(own, new RoundTrip(), now, messages, Map.of(), 30_000, way),
                        way.toString());
                assertEquals("22P02", Failures.sqlState(failure), way.toString());
                own.rollback(before);
            }
        }
    }

    /** Returns whether there is one statement for many; null if no record can be written. */
    private Boolean compare(Case each, List<String> wrong) throws Exception {
        TemplateStatement statement = new TemplateStatement(new Template("t.sql", each.sql), MAX_RECORD_SIZE);
        DescribedTemplate now = statement.describe(connection);
        List<Message> good = new ArrayList<>();
        List<Message> bad = new ArrayList<>();
        for (Message message : messages(statement.template(), each.api)) {
            (attempt(statement, now, List.of(message), Way.SINGLY).failure == null ? good : bad).add(message);
        }
        if (good.size() < 2) {
            return null;
        }
        Result rows = attempt(statement, now, good, Way.SINGLY);
        Result set = attempt(statement, now, good, Way.SET);
        // two of them may mean one row: then each is executed by itself, in production as well
        boolean isSameRow = "21000".equals(set.failure);
        if (!isSameRow && !rows.equals(set)) {
            wrong.add(each.name + "\n" + each.sql + "\n  one by one: " + rows + "\n  as a set:   " + set);
        }
        if (!bad.isEmpty() && !isSameRow) {
            List<Message> mixed = new ArrayList<>(good);
            mixed.add(bad.get(0));
            String expected = attempt(statement, now, mixed, Way.SINGLY).failure;
            String failure = attempt(statement, now, mixed, Way.SET).failure;
            // what is refused alone may be taken behind the others
            if (!Objects.equals(expected, failure)) {
                wrong.add(each.name + "\n" + each.sql + "\n  one by one: " + expected + "\n  as a set:   " + failure);
            }
        }
        return now.isSet();
    }

    private record Result(String failure, List<String> tables) {}

    private static Result attempt(TemplateStatement statement, DescribedTemplate now, List<Message> messages, Way way)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        query(RESTART);
        try {
            statement.execute(connection, new RoundTrip(), now, messages, Map.of(), 30_000, way);
            return new Result(null, query(query(TABLES).get(0) + " order by 1, 2"));
        } catch (SQLException e) {
            return new Result(Failures.sqlState(e), List.of());
        } finally {
            connection.rollback(before);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement query = connection.createStatement();
                ResultSet row = query.executeQuery(sql)) {
            while (row.next()) {
                StringBuilder text = new StringBuilder();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    text.append(i == 1 ? "" : "|").append(row.getString(i));
                }
                rows.add(text.toString());
            }
        }
        return rows;
    }

    private List<Message> messages(Template template, String api) throws SQLException {
        List<String> types = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(template.sql())) {
            for (int i = 1; i <= template.paths().size(); i++) {
                types.add(statement.getParameterMetaData().getParameterTypeName(i));
            }
        }
        MessageFormat format = SequinApi.of(api).format();
        List<Message> messages = new ArrayList<>();
        for (int n = 0; n < RECORDS; n++) {
            ObjectNode data = JSON.createObjectNode();
            for (int i = 0; i < types.size(); i++) {
                put(data, template.paths().get(i), value(types.get(i), n, i));
            }
            if (api.equals("stream")) {
                data.put("action", n % 5 == 0 ? "delete" : "insert");
                if (!data.path("record").isObject()) {
                    data.putObject("record").put("id", n);
                }
                put(data, List.of("metadata", "table_schema"), "public");
                put(data, List.of("metadata", "table_name"), "t");
                put(data, List.of("metadata", "commit_lsn"), 100 + n);
                put(data, List.of("metadata", "commit_idx"), n);
                put(data, List.of("metadata", "idempotency_key"), "k" + n);
                ((ObjectNode) data.path("metadata")).putArray("record_pks").add("" + n);
            }
            ObjectNode message = JSON.createObjectNode();
            message.set(format.recordField(), data);
            messages.add(StoredMessages.read(message.toString().getBytes(StandardCharsets.UTF_8), format));
        }
        return messages;
    }

    /** A value for a parameter of this type; of some records none. */
    private Object value(String type, int n, int parameter) throws SQLException {
        if (parameter > 0 && random.nextInt(8) == 0) {
            return null;
        }
        return switch (type) {
            case "int2", "int4", "int8", "numeric", "float8" -> n + random.nextInt(3);
            case "bool" -> random.nextBoolean();
            case "timestamptz", "timestamp", "date" -> "2026-0%d-1%dT10:00:00Z".formatted(1 + n % 9, n % 10);
            case "json", "jsonb" ->
                JSON.createArrayNode()
                        .add(JSON.createObjectNode().put("id", "i" + n).put("n", n));
            case "uuid" -> UUID.nameUUIDFromBytes(new byte[] {(byte) n}).toString();
            case "_text" -> JSON.createArrayNode().add("a\"b").addNull().add("\\{" + n);
            case "_int4" -> JSON.createArrayNode().add(n);
            default ->
                List.of("NULL", "it's {\"q\"} \\ " + n, "", "i" + n, "é,;" + n, "" + n)
                        .get(random.nextInt(6));
        };
    }

    private static void put(ObjectNode at, List<String> path, Object value) {
        ObjectNode node = at;
        for (String name : path.subList(0, path.size() - 1)) {
            node = node.path(name).isObject() ? (ObjectNode) node.path(name) : node.putObject(name);
        }
        node.putPOJO(path.get(path.size() - 1), value);
    }
}
