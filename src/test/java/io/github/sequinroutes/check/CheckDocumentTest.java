package io.github.sequinroutes.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/check.md: its examples are what check says. */
@Tag("postgres")
class CheckDocumentTest {
    private static final Pattern BLOCK = Pattern.compile("(?:^ {4}.*\\n)+", Pattern.MULTILINE);

    private static final String UNKNOWN_COLUMN = """
            insert into acme.orders as t (id, custmer, updated_idx, deleted)
            values (:#id, :#data.customer, :#updated_idx, :#deleted)
            on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""";
    private static final String REVERSED = """
            insert into acme.old as t (id, updated_idx, deleted)
            values (:#id, :#updated_idx, :#deleted)
            on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
            where t.updated_idx is null or t.updated_idx >= excluded.updated_idx""";

    private static List<String> examples() throws Exception {
        return BLOCK.matcher(Files.readString(Path.of("docs/check.md")))
                .results()
                .map(block -> block.group().indent(-4).strip())
                .toList();
    }

    private static List<String> check(CheckedCollection... collections) throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute(Files.readString(Path.of("src/test/resources/check/schema.sql")));
        try (Connection connection = database.connect()) {
            return TemplateChecks.check(connection, List.of(collections)).stream()
                    .map(Problem::toString)
                    .toList();
        } finally {
            database.drop();
        }
    }

    private static CheckedCollection collection(String name, String sql) {
        Template template = new Template("routes/collections/" + name + ".upsert.sql", sql);
        return new CheckedCollection(
                name, template, null, false, false, SequinApi.of("consume").format(), Set.of(name));
    }

    @Test
    void theProblemsThatItShows() throws Exception {
        assertEquals(
                examples().get(0),
                String.join(
                        "\n", check(collection("acme-refund", REVERSED), collection("acme-order", UNKNOWN_COLUMN))));
    }

    @Test
    void whatItAllows() throws Exception {
        String example = examples().get(1);
        assertEquals(List.of(), check(collection("acme-log", example)));
        assertEquals(
                List.of("no-conflict", "unused-deletes"),
                check(collection("acme-log", example.substring(example.indexOf('\n') + 1))).stream()
                        .map(problem -> problem.replaceFirst("(?s).*sequin: allow ", ""))
                        .toList());
    }
}
