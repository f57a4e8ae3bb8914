package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code check} tells if the configuration cannot be used: where it is wrong, and what is wrong with the files. */
class CheckUnloadedTest {
    private static List<String> check(int status, TemporaryFolder home, String properties) throws Exception {
        Path config = home.path().resolve("application.properties");
        Files.writeString(config, properties.replace("HOME", home.path().toString()));
        StringWriter out = new StringWriter();
        assertEquals(
                status,
                Cli.commandLine()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(out))
                        .execute("check", "--config=" + config),
                out.toString());
        return out.toString()
                .replace(home.path() + "/", "")
                .replaceAll("; did you mean sequin.token\\? .*", "; did you mean sequin.token?")
                .lines()
                .toList();
    }

    @Test
    void keysWhereTheyStandAndFiles() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("check")) {
            Path routes = home.copyRoutes("routes");
            Path collections = routes.resolve("collections");
            change(collections.resolve("stripe-customer.upsert.sql"), "\u00a0\n${id}\n:data.total\n");
            change(collections.resolve("github-issue.upsert.sql"), "```sql\n");
            Files.writeString(routes.resolve("collections/x.camel.yaml"), "- templatedRoute:\n\trouteId: x\n");
            assertEquals(
                    List.of(
                            "The configuration: sequin.consumer is missing; write sequin.consumer=(the consumer's ID) into"
                                    + " application.properties, or set SEQUIN_CONSUMER",
                            "application.properties:3:1: postgres.url must be a JDBC URL such as"
                                    + " jdbc:postgresql://db/shop, without user or password before the host: the user goes"
                                    + " into postgres.user, the password into postgres.password",
                            "application.properties:4:1: sequin.tokn is no key; did you mean sequin.token?",
                            "application.properties:5:3: sequin.token has quotes around its value, which would be part of"
                                    + " it; write it without them",
                            "application.properties:6:1: sequn.workers is not used; did you mean sequin.workers?",
                            "routes/collections/github-issue.upsert.sql:1:1: PostgreSQL does not take this; leave out the line"
                                    + " with ```",
                            "routes/collections/stripe-customer.upsert.sql:1:1: U+00A0 (NO-BREAK SPACE) stands here, and nobody"
                                    + " sees it; remove it, or write a blank",
                            "routes/collections/stripe-customer.upsert.sql:2:1: ${id} is no path; write :#id",
                            "routes/collections/stripe-customer.upsert.sql:3:1: :data.total is no path; write :#data.total",
                            "routes/collections/x.camel.yaml:2:1: a tab stands in the indentation; YAML takes only blanks,"
                                    + " write two of them",
                            "No template was tried, and no consumer asked, because the configuration cannot be used."),
                    check(2, home, """
                            sequin.url=http://localhost:1
                            sequin.routes=HOME/routes
                            postgres.url = postgres://me:s3cr3t@db/shop
                            sequin.tokn=s3cr3t
                              sequin.token: "s3cr3t"
                            sequn.workers=1
                            """));
        }
    }

    /** Writes something before what a file says. */
    private static void change(Path file, String before) throws Exception {
        Files.writeString(file, before + Files.readString(file));
    }

    @Test
    void noFolderThatIsKnown() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("check")) {
            List<String> lines = check(2, home, "sequin.routes=HOME/nowhere\nsequin.url=x");
            assertEquals(6, lines.size(), lines.toString());
            assertEquals(
                    "The files in nowhere/collections were not read, because there is no such folder.", lines.get(4));
        }
    }
}
