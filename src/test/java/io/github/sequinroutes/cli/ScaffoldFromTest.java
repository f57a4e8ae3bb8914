package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.scaffold.ReadyMade;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scaffold --from}, as a user types it. */
@Tag("postgres")
class ScaffoldFromTest {
    private static final String ROUTE = "routes/collections/stripe-charge.camel.yaml";
    private static final String DDL = "schema/stripe-charge.sql";
    private static final String TABLE = "select to_regclass('stripe.charges')";

    private static Replication nothing() throws Exception {
        Replication nothing = new Replication("select");
        nothing.bundle().set("sequin.api", "consume");
        return nothing;
    }

    @Test
    void writesFilesAndWithApplyTheTable() throws Exception {
        try (Replication user = nothing()) {
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Written " + DDL,
                                    "Written samples/stripe-charge.jsonl",
                                    "Written routes/collections/stripe-charge.upsert.sql",
                                    "Written " + ROUTE,
                                    "The target needs these first, with --apply, or with psql -f " + DDL)),
                    user.run("scaffold", "--from", "stripe:charge"));
            assertEquals("~", user.target().value(TABLE));

            // what the user has made of a file stays, and is what is applied
            user.write(DDL, user.file(DDL).replace("  currency text,\n", "  currency varchar(3),\n"));
            user.write(ROUTE, "mine");
            Replication.Result again = user.run("scaffold", "--from", "stripe:charge", "--apply");
            assertEquals(
                    List.of(
                            "Left as it was " + DDL,
                            "Applied " + DDL,
                            "Left as it was samples/stripe-charge.jsonl",
                            "Left as it was routes/collections/stripe-charge.upsert.sql",
                            "Left as it was " + ROUTE),
                    again.lines());
            assertEquals("mine", user.file(ROUTE));
            assertEquals("stripe.charges", user.target().value(TABLE));
            assertEquals(
                    "3",
                    user.target()
                            .value("select character_maximum_length from information_schema.columns"
                                    + " where table_name = 'charges' and column_name = 'currency'"));

            Replication.Result forced = user.run("scaffold", "--from", "stripe:charge", "--force");
            assertEquals(0, forced.status());
            assertEquals("Written anew " + DDL, forced.lines().get(0));
            assertTrue(user.file(ROUTE).startsWith("- templatedRoute:"), user.file(ROUTE));
            assertEquals(new Replication.Result(0, List.of("1 of 1 templates can be used.")), user.run("check"));
        }
    }

    /** Of two routes for one collection none would run. */
    @Test
    void aRouteOfOnesOwnIsNotDoubled() throws Exception {
        try (Replication user = nothing()) {
            user.write(
                    "routes/collections/mine.camel.yaml",
                    "- route:\n    from:\n      uri: direct:stripe:charge\n      steps:\n        - to: kamelet:drop-sink\n");
            assertEquals(
                    new Replication.Result(
                            2,
                            List.of(
                                    "--from stripe:charge: routes/collections/mine.camel.yaml has a route for it already,"
                                            + " and of two none would run; remove that first")),
                    user.run("scaffold", "--from", "stripe:charge,stripe:invoice", "--apply"));
            assertEquals(List.of("routes/collections/mine.camel.yaml"), user.files());
        }
    }

    /** PostgreSQL refuses "create schema" to it even if the schema is there. */
    @Test
    void aRoleThatMayCreateNoSchema() throws Exception {
        try (Replication user = nothing()) {
            String role = user.target().name() + "_writer";
            user.target().execute("create role " + role + " login");
            try {
                user.bundle().set("postgres.url", user.target().url().replaceFirst("user=.*", "user=" + role));
                Replication.Result refused = user.run("scaffold", "--from", "stripe:charge", "--apply");
                assertEquals(1, refused.status());
                assertEquals(
                        "schema/stripe-charge.sql cannot be applied: permission denied for database "
                                + user.target().name()
                                + "; nothing has been changed in the database, and no route written; the files in schema"
                                + " stay, and are used as they are: have a role that may, run psql -f"
                                + " schema/stripe-charge.sql, and run this again without --apply; or, if the schema is"
                                + " there, remove \"create schema if not exists stripe;\" from it, and run this again"
                                + " (SQLSTATE 42501)",
                        refused.lines().get(1));
                user.target().execute(user.file("schema/stripe-charge.sql"));
                Replication.Result again = user.run("scaffold", "--from", "stripe:charge");
                assertEquals(0, again.status(), again.toString());
                assertTrue(
                        user.files().contains("routes/collections/stripe-charge.camel.yaml"), user.files()::toString);
            } finally {
                user.bundle().set("postgres.url", user.target().url());
                user.target().execute("drop role " + role);
            }
        }
    }

    @Test
    void listsWhatThereIs() throws Exception {
        try (Replication user = nothing()) {
            Replication.Result list = user.run("scaffold", "--from", "list");
            assertEquals(0, list.status());
            assertEquals(ReadyMade.COLLECTIONS.size() + 1, list.lines().size());
            assertTrue(
                    list.lines()
                            .contains("  stripe:payment_intent  Stripe payment intents, without their client secrets"),
                    list.toString());

            Replication.Result unknown = user.run("scaffold", "--from", "stripe:invoce,invoice,stripe:charge");
            assertEquals(2, unknown.status());
            assertEquals(
                    List.of(
                            "--from stripe:invoce: there is no such ready-made collection; did you mean stripe:invoice?",
                            "--from invoice: there is no such ready-made collection; did you mean stripe:invoice?"),
                    unknown.lines().subList(0, 2));
            assertEquals(
                    list.lines(), unknown.lines().subList(2, unknown.lines().size()));
            assertEquals(List.of(), user.files());

            Replication.Result both = user.run("scaffold", "--from", "stripe:charge", "--table", "public.*");
            assertEquals(2, both.status());
            assertEquals(
                    "--from is for ready-made collections: neither name others, nor --table",
                    both.lines().get(0));
            assertEquals(
                    "--from is for ready-made collections; separate them with a comma: --from"
                            + " stripe:charge,stripe:invoice,stripe:customer",
                    user.run("scaffold", "--from", "stripe:charge", "stripe:invoice", "stripe:customer")
                            .lines()
                            .get(0));
            user.bundle().set("sequin.api", "stream");
            assertEquals(
                    "Warning: what is written is for the Consume API, and sequin.api is stream; set sequin.api=consume",
                    user.run("scaffold", "--from", "stripe:charge").lines().get(0));
        }
    }

    /** None is left out of the list, nor of docs/scaffold.md. */
    @Test
    void everyoneThatIsThereIsKnown() throws Exception {
        Path folder = Path.of("src/main/resources/ready-made");
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".camel.yaml"))
                    .map(name -> name.replace(".camel.yaml", ""))
                    .sorted()
                    .toList();
            assertEquals(
                    ReadyMade.COLLECTIONS.stream()
                            .map(name -> name.replaceAll("[:_]", "-"))
                            .toList(),
                    names);
        }
        String document = Files.readString(Path.of("docs/scaffold.md"));
        assertEquals(
                List.of(),
                ReadyMade.COLLECTIONS.stream()
                        .filter(name -> !document.contains("`" + name + "`"))
                        .toList());
    }
}
