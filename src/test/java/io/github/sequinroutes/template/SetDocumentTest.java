package io.github.sequinroutes.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/performance.md says what is executed for many records. */
class SetDocumentTest {
    private static final Pattern BLOCK = Pattern.compile("(?m)^ {4}insert into t (?:.*\\n)+?(?=\\n)");

    @Test
    void itIsTheStatement() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/performance.md")));
        block.find();
        String documented = block.group();
        Template template = new Template(
                "t.upsert.sql",
                "insert into t (id, updated_idx, customer) values (:#id, :#updated_idx, :#data.customer)"
                        + " on conflict (id) do nothing");
        SetTemplate.Written set = SetTemplate.write(
                template,
                ShapeReader.readIfKnown(template),
                List.of(SetType.TEXT, new SetType("bigint", true), SetType.TEXT));
        assertEquals(inOneLine(set.template().sql()), inOneLine(documented.replaceAll("\\$\\d", "?")));
        TestDatabase database = new TestDatabase();
        database.execute("create table t (id text primary key, updated_idx bigint, customer text)");
        database.execute(
                "prepare documented as " + documented + "; execute documented ('{a, b}', '{1, 2}', '{\"Ann\", null}')");
        assertEquals(List.of("a|1|Ann", "b|2|~"), database.rows("select * from t order by id"));
        database.drop();
    }

    private static String inOneLine(String sql) {
        return sql.strip().replaceAll("\\s*\\n\\s*", " ").replace(" , ", ", ").replaceAll("\\s+", " ");
    }
}
