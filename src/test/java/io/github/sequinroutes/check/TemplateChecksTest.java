package io.github.sequinroutes.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("postgres")
class TemplateChecksTest {
    private static final Path FOLDER = Path.of("src/test/resources/check");

    private static TestDatabase database;
    private static Connection connection;

    @BeforeAll
    static void create() throws Exception {
        database = new TestDatabase();
        database.execute(Files.readString(FOLDER.resolve("schema.sql")));
        connection = database.connect();
    }

    @AfterAll
    static void drop() throws SQLException {
        connection.close();
        database.drop();
    }

    static Stream<CheckCase> mistakes() throws IOException {
        return CheckCase.read(Files.readString(FOLDER.resolve("mistakes.txt"))).stream();
    }

    static Stream<CheckCase> right() throws IOException {
        return CheckCase.read(Files.readString(FOLDER.resolve("right.txt"))).stream();
    }

    private static List<String> check(List<CheckedCollection> collections) throws SQLException {
        return check(connection, collections);
    }

    private static List<String> check(Connection on, List<CheckedCollection> collections) throws SQLException {
        synchronized (on) { // what is tried has a transaction of its own
            return TemplateChecks.check(on, collections).stream()
                    .map(Problem::toString)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isFoundAtItsPlace(CheckCase wrong) throws Exception {
        assumeTrue(!wrong.has("merge") || database.majorVersion() >= 15, "it has no merge");
        assertEquals(
                wrong.expected(),
                check(List.of(wrong.collection())).stream()
                        .map(problem -> problem.replaceFirst("^t\\.sql:", ""))
                        // PostgreSQL 12 does not say of which table
                        .map(problem ->
                                problem.replace("\"removed\" violates", "\"removed\" of relation \"pledges\" violates"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("right")
    void isNotComplainedOf(CheckCase right) throws Exception {
        assumeTrue(!right.has("merge") || database.majorVersion() >= 15, "it has no merge");
        assertEquals(List.of(), check(List.of(right.collection())));
    }

    private static CheckedCollection collection(String file, String upsert, boolean hasSteps) {
        return new CheckedCollection(
                "acme:" + file,
                new Template(file + ".upsert.sql", upsert),
                null,
                false,
                hasSteps,
                SequinApi.of("consume").format(),
                Set.of("acme:" + file));
    }

    private static String upsert(String table) {
        return """
                insert into %s as t (id, updated_idx, deleted) values (:#id, :#updated_idx, :#deleted)
                on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
                where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""".formatted(table);
    }

    private static final String LINES = """
            insert into acme.lines as t (id, updated_idx, order_id, n)
            values (:#id, :#updated_idx, :#data.order, case when :#deleted then 0 end)
            on conflict (id) do update set updated_idx = excluded.updated_idx, n = excluded.n,
              order_id = coalesce(excluded.order_id, t.order_id)
            where t.updated_idx <= excluded.updated_idx""";

    @Test
    void everyProblemOfEveryTemplateByFileAndPlace() throws Exception {
        List<CheckedCollection> collections = List.of(
                collection("z", upsert("acme.nothing"), false),
                collection("b", upsert("acme.orders").replace("(:#id", "(:#ID").replace("(id)", "(customer)"), false),
                collection("a", upsert("acme.small").replace("<=", ">"), false));
        assertEquals(
                List.of(
                        "a.upsert.sql:1:34",
                        "a.upsert.sql:3:32",
                        "b.upsert.sql:1:65",
                        "b.upsert.sql:2:14",
                        "z.upsert.sql:1:13"),
                check(collections).stream()
                        .map(problem -> problem.replaceFirst(": .*", ""))
                        .toList());
    }

    /** Of an enum without labels nothing can be made up; that hides nothing of the others, and is no fault of the template. */
    @Test
    void whatCannotBeTriedEndsNoCheck() throws Exception {
        List<CheckedCollection> collections = List.of(
                collection("a", """
                        insert into acme.unlabelled as t (id, updated_idx, deleted, state)
                        values (:#id, :#updated_idx, :#deleted, :#data.state)
                        on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted,
                          state = coalesce(excluded.state, t.state)
                        where t.updated_idx <= excluded.updated_idx""", false),
                collection("z", upsert("acme.orders").replace("<=", ">"), false));
        assertEquals(
                List.of("z.upsert.sql:3:32"),
                check(collections).stream()
                        .map(problem -> problem.replaceFirst(": .*", ""))
                        .toList());
    }

    /** A mistake of the check itself, here with a collection that is no whole one, takes nothing away from what else it finds. */
    @Test
    void aMistakeOfTheCheckEndsNoCheck() throws Exception {
        CheckedCollection whole = collection("a", upsert("acme.orders"), false);
        CheckedCollection half =
                new CheckedCollection("acme:a", whole.upsert(), null, false, false, whole.format(), null);
        assertEquals(
                List.of(
                        "a.upsert.sql:1:1: Warning: is not checked any further, for a mistake of check itself",
                        "z.upsert.sql:1:1: Warning: is not checked any further, for a mistake of check itself",
                        "z.upsert.sql:3:32: the guard is reversed: it lets only older versions overwrite the row; write where"
                                + " t.updated_idx is null or t.updated_idx <= excluded.updated_idx; if it is meant, add"
                                + " -- sequin: allow guard"),
                check(List.of(half, collection("z", upsert("acme.orders").replace("<=", ">"), false))).stream()
                        .map(problem -> problem.replaceFirst(" \\(java.*", ""))
                        .toList());
    }

    /** It hides nothing of the others, whichever comes first, and is no reason to let its collection run. */
    @Test
    void aTableThatSomebodyHasLocked() throws Exception {
        try (Connection holder = database.connect();
                Statement lock = holder.createStatement();
                Connection limited = database.connect();
                Statement limit = limited.createStatement()) {
            holder.setAutoCommit(false);
            lock.execute("alter table acme.keys add column later int");
            limit.execute("set lock_timeout = '100ms'");
            limited.setAutoCommit(false);
            assertEquals(
                    List.of(
                            "a.upsert.sql:1:1: is not checked, since its table is locked (SQLSTATE 55P03);"
                                    + " end the transaction that holds the lock",
                            "z.upsert.sql:3:32"),
                    check(
                                    limited,
                                    List.of(
                                            collection("a", "insert into acme.keys (id) values (:#id)", false),
                                            collection("z", upsert("acme.small").replace("<=", ">"), false)))
                            .stream()
                            .map(problem -> problem.replaceFirst("(z.*?:\\d+:\\d+):.*", "$1"))
                            .filter(problem -> !problem.startsWith("z.upsert.sql:1:"))
                            .toList());
            holder.rollback();
        }
    }

    @Test
    void aForeignKeyToATableOfAnotherCollection() throws Exception {
        assertEquals(List.of(), check(List.of(collection("lines", LINES, false))));
        assertEquals(
                List.of("lines.upsert.sql:1:13: Warning: acme.lines refers to acme.orders (lines_order_id_fkey), which"
                        + " acme:orders writes: a row that comes before its parent is a dead letter (SQLSTATE 23503);"
                        + " drop the constraint, or replay such dead letters; if it is meant, add -- sequin: allow"
                        + " foreign-key"),
                check(List.of(collection("lines", LINES, false), collection("orders", upsert("acme.orders"), false))));
    }

    private static final String OF_TENANT = """
            insert into acme.tenants as t (tenant, id, updated_idx, deleted) values (%s, :#id, :#updated_idx, :#deleted)
            on conflict (tenant, id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
            where t.updated_idx <= excluded.updated_idx""";

    @Test
    void aTableThatTwoCollectionsWrite() throws Exception {
        String text =
                ":1:13: Warning: %s.upsert.sql also writes the rows of acme.orders by the same key, so one collection"
                        + " overwrites those of another; write :#collection_id into a column of the key, or give each collection a"
                        + " table of its own; if it is meant, add -- sequin: allow shared-table";
        assertEquals(
                List.of("order.upsert.sql" + text.formatted("orders"), "orders.upsert.sql" + text.formatted("order")),
                check(List.of(
                        collection("order", upsert("acme.orders"), false),
                        collection("orders", upsert("acme.orders").replace(":#id", ":#id::text"), false))));
        assertEquals(
                2,
                check(List.of(
                                collection("a", OF_TENANT.formatted("'x'"), false),
                                collection("b", OF_TENANT.formatted("'x'"), false)))
                        .size());
    }

    @Test
    void aFileThatTwoCollectionsHave() throws Exception {
        CheckedCollection one = collection("one", upsert("acme.orders"), false);
        Set<String> both = Set.of("acme:one", "acme:two");
        List<CheckedCollection> sinks = Stream.of(one.id(), one.id())
                .map(id -> new CheckedCollection(id, one.upsert(), null, false, false, one.format(), both))
                .toList();
        assertEquals(
                List.of(
                        "one.upsert.sql:1:13: Warning: with this file acme:one and acme:two write the rows of acme.orders by"
                                + " the same key, so one collection overwrites those of another; write :#collection_id into a column of"
                                + " the key, or give each collection a table of its own; if it is meant, add -- sequin: allow shared-table"),
                check(sinks));
    }

    /** A column that tells them apart, keys that differ, or other columns; or it is one collection, whose records differ. */
    @Test
    void aTableThatTwoCollectionsMayWrite() throws Exception {
        String orders = upsert("acme.orders");
        String totals = """
                -- sequin: allow unused-deletes, no-guard
                insert into acme.orders as t (id, total) values (:#id, coalesce(:#data.total::numeric, 0))
                on conflict (id) do update set total = excluded.total""";
        assertEquals(
                List.of(),
                check(List.of(
                        collection("a", OF_TENANT.formatted("'a'"), false),
                        collection("b", OF_TENANT.formatted("'b'"), false),
                        collection("c", OF_TENANT.formatted(":#collection_id"), false),
                        collection("d", OF_TENANT.formatted(":#collection_id"), false),
                        collection("e", orders, false),
                        collection("f", orders.replace("(:#id", "('f-' || :#id"), false),
                        collection("g", totals, false))));
        CheckedCollection one = collection("one", orders, false);
        CheckedCollection marks = collection("marks", orders, false);
        assertEquals(
                List.of(),
                check(List.of(
                        one,
                        new CheckedCollection(
                                marks.id(), marks.upsert(), null, false, false, marks.format(), one.writers()))));
    }

    /** Either template can be the wrong one. */
    @Test
    void aKeyOfTheDataWhereTheDeletionLooksForTheId() throws Exception {
        CheckedCollection orders = collection("orders", """
                insert into acme.orders as t (id, updated_idx, customer) values (:#data.customer.id, :#updated_idx, :#id)
                on conflict (id) do update set updated_idx = excluded.updated_idx, customer = excluded.customer""", false);
        Template delete = new Template("orders.delete.sql", "delete from acme.orders where id = :#id");
        assertEquals(
                List.of(
                        "orders.delete.sql:1:31: the upsert template writes :#data.customer.id into id, and this looks for :#id"
                                + " there; write :#data.customer.id, or :#id in the upsert template; if it is meant, add -- sequin:"
                                + " allow lost-deletes",
                        "orders.upsert.sql:1:66: Warning: :#data.customer.id is not the ID of the record, which the delete"
                                + " template looks for in id: records that have the same share one row; write :#id; if it is meant,"
                                + " add -- sequin: allow one-row"),
                check(List.of(new CheckedCollection(
                        orders.id(), orders.upsert(), delete, false, false, orders.format(), orders.writers()))));
    }

    /** PostgreSQL 15 can take null for a duplicate of null. */
    @Test
    void aKeyThatMayBeNullOnce() throws Exception {
        assumeTrue(database.majorVersion() >= 15, "it has no nulls not distinct");
        String byData = upsert("acme.once").replace(":#id", ":#data.id");
        try (Connection own = database.connect();
                Statement statement = own.createStatement()) {
            statement.execute("create table acme.once (id text unique nulls not distinct, updated_idx bigint not null,"
                    + " deleted boolean)");
            assertEquals(List.of(), check(List.of(collection("o", "-- sequin: allow new-row\n" + byData, false))));
            statement.execute("alter table acme.once drop constraint once_id_key, add unique (id)");
            assertEquals(
                    List.of("null-key"),
                    check(List.of(collection("o", byData, false))).stream()
                            .map(problem -> problem.replaceFirst(".*allow ", ""))
                            .toList());
            statement.execute("drop table acme.once");
        }
    }

    /** PostgreSQL 15 can round numbers before the point. */
    @Test
    void aVersionThatIsRounded() throws Exception {
        assumeTrue(database.majorVersion() >= 15, "it has no negative scale");
        try (Connection own = database.connect();
                Statement statement = own.createStatement()) {
            statement.execute(
                    "create table acme.rounded (id text primary key, updated_idx numeric(20,-3), deleted boolean)");
            assertEquals(
                    List.of(
                            "rounded.upsert.sql:1:36: column updated_idx is numeric(20,-3), and a version needs bigint or"
                                    + " numeric: it rounds several to one; alter table acme.rounded alter column updated_idx type"
                                    + " bigint; if it is meant, add -- sequin: allow version-type"),
                    check(List.of(collection("rounded", upsert("acme.rounded"), false))));
            statement.execute("drop table acme.rounded");
        }
    }

    @Test
    void rowLevelSecurityOfTheRole() throws Exception {
        String role = "reader_" + database.name();
        try (Connection own = database.connect();
                Statement statement = own.createStatement()) {
            statement.execute("""
                    create table acme.hidden (id text primary key, updated_idx bigint, deleted boolean);
                    alter table acme.hidden enable row level security;
                    create role %1$s; grant usage on schema acme to %1$s; grant all on acme.hidden to %1$s;
                    set role %1$s""".formatted(role));
            assertEquals(
                    List.of("hidden.upsert.sql:1:13: Warning: row-level security of acme.hidden applies to the role "
                            + role + ", which cannot see or write some rows; alter role " + role
                            + " bypassrls; if it is"
                            + " meant, add -- sequin: allow row-security"),
                    check(own, List.of(collection("hidden", upsert("acme.hidden"), false))));
            assertEquals(
                    List.of("orders.upsert.sql:1:13: permission denied for table orders (SQLSTATE 42501); grant select,"
                            + " insert, update on acme.orders to " + role),
                    check(own, List.of(collection("orders", upsert("acme.orders"), false))));
            statement.execute("reset role; drop table acme.hidden; drop owned by %1$s; drop role %1$s".formatted(role));
        }
    }

    /** A step of the route may have added what no record has. */
    @Test
    void anUnknownPathBehindStepsIsAWarning() throws Exception {
        String sql = upsert("acme.orders").replace(":#id", ":#key");
        assertEquals(
                List.of(false, true),
                Stream.of(false, true)
                        .map(hasSteps -> collection("o", sql, hasSteps))
                        .map(collection -> {
                            try {
                                return check(List.of(collection)).get(0).contains(": Warning: ");
                            } catch (SQLException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .toList());
    }

    @Test
    void inATransactionNothingIsLeftOfIt() throws Exception {
        try (Connection other = database.connect()) {
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                statement.execute("create table acme.mine (id text primary key, updated_idx bigint, deleted boolean)");
                List<Problem> problems = TemplateChecks.check(
                        other,
                        List.of(
                                collection("a", upsert("acme.nothing"), false),
                                collection("b", upsert("acme.mine"), false),
                                collection("c", upsert("acme.named"), false)));
                assertEquals(
                        List.of("a.upsert.sql", "c.upsert.sql"),
                        problems.stream().map(Problem::file).toList(),
                        problems.toString());
                statement.execute("insert into acme.mine values ('still usable')");
            }
            other.rollback();
        }
    }
}
