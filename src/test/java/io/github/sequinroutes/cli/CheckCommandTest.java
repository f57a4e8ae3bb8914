package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.testkit.SchemaFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@Tag("postgres")
class CheckCommandTest {
    private static final String PRIVILEGES =
            "select, insert, update on sequin.dead_letters, and select, insert, update, "
                    + "delete on sequin.versions (SQLSTATE 42501)";
    private static final String TABLES = "select count(*) from pg_class where relkind = 'r'";

    private record Result(int status, List<String> lines) {}

    /** Runs the command with the bundle's configuration. */
    private static Result check(TestBundle bundle) throws IOException {
        Path config = bundle.routes().resolve("application.properties");
        try (Writer writer = Files.newBufferedWriter(config)) {
            bundle.properties().store(writer, null);
        }
        StringWriter out = new StringWriter();
        int status = new CommandLine(new Cli())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> UserErrors.report(failure, command.getErr()))
                .execute("check", "--config", config.toString());
        // the folder is a new one for each test
        String folder = bundle.routes().resolve("collections") + "/";
        return new Result(
                status,
                out.toString()
                        .lines()
                        .map(line -> line.replace(folder, ""))
                        .sorted()
                        .collect(Collectors.toList()));
    }

    /** A role that may write to the user's tables, and create nothing, is enough once the bundle's tables are there. */
    @Tag("long")
    @Test
    void aRoleThatMayCreateNothing() throws Exception {
        try (TestBundle owner = new TestBundle();
                TestBundle bundle = new TestBundle(Duration.ofSeconds(30), owner.database())) {
            String role = "low_" + bundle.database().value("select current_database()");
            bundle.database().execute("create role " + role + " login");
            bundle.set("postgres.url", bundle.database().url().replace("user=postgres", "user=" + role));
            assertMissingGrants(bundle, role);
            bundle.database()
                    .execute("grant usage on schema stripe, github to %1$s; ".formatted(role)
                            + "grant all on all tables in schema stripe, github to " + role);
            assertEquals(
                    new Result(
                            1,
                            List.of(
                                    "3 of 3 templates can be used.",
                                    "schema sequin is missing, and role " + role
                                            + " may not create it; have a role that "
                                            + "may run migrate, or grant it create on database "
                                            + bundle.database().value("select current_database()")
                                            + " (SQLSTATE 42501)")),
                    check(bundle));
            owner.database().execute(SchemaFiles.text());
            assertEquals(
                    List.of(
                            "3 of 3 templates can be used.",
                            "role " + role + " may not use schema sequin; grant it usage on that, " + PRIVILEGES),
                    check(bundle).lines());
            owner.database().execute("grant usage on schema sequin to " + role);
            assertEquals(
                    new Result(
                            1,
                            List.of(
                                    "3 of 3 templates can be used.",
                                    "role " + role + " may not use the tables of schema sequin; grant it "
                                            + PRIVILEGES)),
                    check(bundle));
            owner.database()
                    .execute(
                            "grant select, insert, update on sequin.dead_letters to %1$s; grant select, insert, update, delete on sequin.versions to %1$s"
                                    .formatted(role));
            assertEquals(new Result(0, List.of("3 of 3 templates can be used.")), check(bundle));
            bundle.offer(TestRecord.of("stripe:customer", "c", 1, "{}"), TestRecord.of("no:route", "n", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals("1", bundle.database().value("select count(*) from sequin.dead_letters"));
            owner.database().execute("drop owned by " + role + "; drop role " + role);
        }
    }

    /** All that is missing is told at once, each at the table in its template, and the others are checked. */
    private static void assertMissingGrants(TestBundle bundle, String role) throws Exception {
        String table =
                "%s.upsert.sql:%s: permission denied for schema %s (SQLSTATE 42501); grant usage on schema %3$s to %4$s;"
                        + " grant select, insert, update on %3$s.%5$s to %4$s";
        List<String> lines = check(bundle).lines();
        assertEquals(
                List.of(
                        "0 of 3 templates can be used.",
                        table.formatted("github-issue", "2:13", "github", role, "issues"),
                        table.formatted("stripe-customer", "2:13", "stripe", role, "customers"),
                        table.formatted("stripe-subscription", "2:13", "stripe", role, "subscriptions")),
                lines.stream().filter(line -> !line.startsWith("schema sequin")).toList());
        bundle.database()
                .execute("grant usage on schema stripe to %1$s; grant select, insert on stripe.customers to %1$s"
                        .formatted(role));
        String denied = "stripe-customer.upsert.sql:2:13: permission denied for table customers (SQLSTATE 42501);"
                + " grant update on stripe.customers to " + role;
        assertEquals(
                List.of(denied),
                check(bundle).lines().stream()
                        .filter(line -> line.startsWith("stripe-customer"))
                        .toList());
    }

    @Test
    void goodTemplates() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            String tables = bundle.database().value(TABLES);
            assertEquals(new Result(0, List.of("3 of 3 templates can be used.")), check(bundle));
            assertEquals(tables, bundle.database().value(TABLES));
            assertEquals("0", bundle.database().value("select count(*) from stripe.subscriptions"));
        }
    }

    @Test
    void everyTemplateThatTheServerRefusesWithThePlaceInItsFile() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("""
                    create table a (id text, n int, g int generated always as (n + 1) stored);
                    insert into a values ('old', 1)""");
            bundle.collection("wrong:column", """
                            -- a comment, so that the server's count is another

                            /* and
                               another 😀 */ update a set n = :#data.n, -- :#x
                                nn = 'ü😀' where id = :#id""")
                    .collection("wrong:table", "\n\ninsert into no_such_table values (:#id)")
                    .collection("wrong:word", "insert into a (id, n) values (:#id,\r\n\t:#data.nn :#data.n)")
                    .collection("wrong:type", "insert into a (n)\nvalues (:#id || 'x')")
                    .collection("wrong:parameter", "insert into a (n)\nselect 1 where :#id is null or f(:#id)")
                    .collection(
                            "wrong:target",
                            "insert into a (id) values (:#id) on conflict (id) do update set n = :#data.n")
                    .collection("wrong:generated", "insert into a (id, g) values (:#id, :#data.g)")
                    .collection(
                            "right:a", "update a set n = :#data.n where id = :#id -- sequin: allow no-guard, no-index");

            Result result = check(bundle);

            String unused =
                    "Warning: there is no delete template, and :#deleted is not used: a deletion is written as if"
                            + " the record were alive; add a delete template, or a column deleted; if it is meant, add -- sequin:"
                            + " allow unused-deletes";
            String noConflict =
                    "an insert without on conflict: a record that is updated, or comes again, makes one more"
                            + " row; give the table a unique key, and add on conflict (id) do update; if it is meant, add"
                            + " -- sequin: allow no-conflict";
            List<String> expected = List.of(
                    "4 of 11 templates can be used.",
                    "wrong-column.upsert.sql:5:5: column \"nn\" of relation \"a\" does not exist (SQLSTATE 42703); did you"
                            + " mean n?",
                    "wrong-generated.upsert.sql:1:1: " + unused,
                    "wrong-generated.upsert.sql:1:1: " + noConflict,
                    "wrong-generated.upsert.sql:1:20: column \"g\" is computed from others (SQLSTATE 428C9); leave it out",
                    "wrong-parameter.upsert.sql:1:1: " + unused,
                    "wrong-parameter.upsert.sql:1:1: " + noConflict,
                    "wrong-parameter.upsert.sql:2:32: function f(unknown) does not exist (SQLSTATE 42883); create the"
                            + " function first, or correct its name",
                    "wrong-table.upsert.sql:3:13: relation \"no_such_table\" does not exist (SQLSTATE 42P01); create the"
                            + " table first, or correct its name",
                    "wrong-target.upsert.sql:1:1: " + unused,
                    "wrong-target.upsert.sql:1:47: no unique index of public.a fits on conflict (id) (SQLSTATE 42P10);"
                            + " create one: create unique index on public.a (id)",
                    "wrong-type.upsert.sql:1:1: " + unused,
                    "wrong-type.upsert.sql:1:1: " + noConflict,
                    "wrong-type.upsert.sql:2:9: column \"n\" is of type integer but expression is of type text (SQLSTATE"
                            + " 42804); write (:#id || 'x')::integer",
                    "wrong-word.upsert.sql:2:12: syntax error at or near \":#data.n\" (SQLSTATE 42601); is a comma or an"
                            + " operator missing before it?");
            assertEquals(new Result(1, expected), result);
            assertEquals(List.of("old|1|2"), bundle.database().rows("select * from a"));
        }
    }

    @Test
    void aTemplateThatCannotBeReadIsWrongConfiguration() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.collection("wrong:template", "insert into a\nvalues (:#id, 'x)");
            assertEquals(
                    new Result(
                            2,
                            List.of(
                                    "3 of 4 templates can be used.",
                                    "wrong-template.upsert.sql:2:15: the string constant has no end")),
                    check(bundle));
        }
    }

    @Test
    void everyBrokenFileAndWhatTheServerRefusesBesides() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.collection("test:z", "insert into a\nvalues (:#id, 'x)")
                    .collection("test:a", "insert into a values (1)")
                    .collection("test:m", "insert into no_such_table values (:#id)");
            Path folder = bundle.routes().resolve("collections");
            Files.writeString(folder.resolve("misspelt.camel.yaml"), """
                    - templatedRoute:
                        routeTemplateRef: collection
                        parameters:
                          - {name: collection, value: "test:misspelt"}
                          - {name: collection, value: "test:misspelt"}
                    """);
            Files.writeString(folder.resolve("guard.camel.yaml"), """
                    - templatedRoute:
                        routeTemplateRef: collection
                        parameters:
                          - {name: collection, value: "test:guard"}
                          - {name: guard, value: legder}
                    """);
            Files.writeString(folder.resolve("gaurd.camel.yaml"), """
                    - templatedRoute:
                        routeTemplateRef: collection
                        parameters:
                          - {name: collection, value: "test:gaurd"}
                          - {name: gaurd, value: ledger}
                    """);
            Files.writeString(folder.resolve("Y.CAMEL.YAML"), "- route: {}");
            Files.writeString(folder.resolve("z.camel.yaml.txt"), "- route: {}");
            Files.writeString(folder.resolve("README.md"), "how our collections are made");
            Files.createDirectory(folder.resolve("sub"));
            assertEquals(
                    new Result(
                            2,
                            List.of(
                                    "Y.CAMEL.YAML:1:1: is not loaded, because its name does not end in"
                                            + " .camel.yaml; rename it to Y.camel.yaml",
                                    "gaurd.camel.yaml:2:5: parameter upsert is missing; write '- name: upsert' and"
                                            + " 'value: ...' under parameters",
                                    "gaurd.camel.yaml:5:16: route template collection has no parameter gaurd;"
                                            + " did you mean guard?",
                                    "guard.camel.yaml:2:5: parameter upsert is missing; write '- name: upsert' and"
                                            + " 'value: ...' under parameters",
                                    "guard.camel.yaml:5:30: guard must be template or ledger, not 'legder'; did you mean"
                                            + " ledger?",
                                    "misspelt.camel.yaml:2:5: parameter upsert is missing; write '- name: upsert' and"
                                            + " 'value: ...' under parameters",
                                    "misspelt.camel.yaml:5:16: parameter collection is given twice; remove one",
                                    "sub/:1:1: Warning: is a folder, and nothing in it is loaded; move its files out of"
                                            + " it",
                                    "test-a.upsert.sql:1:1: a template needs at least one path, such as :#id",
                                    "test-m.upsert.sql:1:13: relation \"no_such_table\" does not exist"
                                            + " (SQLSTATE 42P01); create the table first, or correct its name",
                                    "test-z.upsert.sql:2:15: the string constant has no end",
                                    "z.camel.yaml.txt:1:1: is not loaded, because its name does not end in .camel.yaml;"
                                            + " rename it to z.camel.yaml")),
                    check(bundle));
        }
    }
}
