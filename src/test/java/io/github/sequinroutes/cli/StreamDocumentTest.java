package io.github.sequinroutes.cli;

import static io.github.sequinroutes.cli.Replication.change;
import static io.github.sequinroutes.message.Outcome.LEFT_UNACKED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The examples of docs/stream.md do what it says. */
@Tag("postgres")
class StreamDocumentTest {
    private static final String ROWS = "select id, headline, body, deleted from cms.articles order by id";

    /** The block after the name of a file. */
    private static String example(String name) throws Exception {
        Matcher block = Pattern.compile("`" + Pattern.quote(name) + "`:\\n\\n((?: {4}[^\\n]*\\n)+)")
                .matcher(Files.readString(Path.of("docs/stream.md")));
        assertTrue(block.find(), name);
        return block.group(1).stripIndent();
    }

    private static String article(String action, String version, String title, String body) {
        return change(
                action, "articles", "1", version, "{\"id\": 1, \"title\": %s, \"body\": %s}".formatted(title, body));
    }

    /** It would be NULL in every row. */
    @Test
    void aPathThatLeadsNowhere() throws Exception {
        try (Replication replication = new Replication("create table articles (id int primary key)")) {
            replication.target().execute("create table articles (id int primary key)");
            Files.writeString(replication.collections().resolve("articles.camel.yaml"), example("articles.camel.yaml"));
            Files.writeString(
                    replication.collections().resolve("articles.upsert.sql"),
                    "insert into articles (id)\nvalues (:#data.id) on conflict do nothing");
            Replication.Result checked = replication.run("check");
            assertEquals(1, checked.status());
            assertTrue(
                    checked.toString()
                            .contains("articles.upsert.sql:2:9: :#data.id leads nowhere: a message has action, changes,"
                                    + " metadata, record; did you mean :#record.id?"),
                    checked.toString());
            assertEquals(List.of(LEFT_UNACKED), replication.send(List.of(article("insert", "10.0", "\"a\"", "\"b\""))));
            assertEquals(List.of(), replication.target().rows("select * from articles"));
        }
    }

    @Test
    void aTemplateOfYourOwn() throws Exception {
        try (Replication replication = new Replication(
                "create table articles (id int primary key, title text not null, body text not null)")) {
            replication.target().execute("create schema cms; " + example("articles.sql"));
            for (String file : List.of("articles.upsert.sql", "articles.camel.yaml")) {
                Files.writeString(replication.collections().resolve(file), example(file));
            }
            assertEquals(0, replication.run("check").status());
            replication.send(List.of(article("read", "", "\"read\"", "\"r\"")));
            replication.send(List.of(article("insert", "10.0", "\"a\"", "\"long\"")));
            replication.send(List.of(article("update", "10.3", "\"b\"", "\"unchanged_toast\"")));
            replication.send(List.of(article("read", "", "\"read\"", "\"r\"")));
            assertEquals(List.of("1|b|long|f"), replication.target().rows(ROWS));
            replication.send(List.of(article("delete", "11.0", "null", "null")));
            replication.send(List.of(article("update", "10.3", "\"b\"", "\"unchanged_toast\"")));
            assertEquals(List.of("1|b|long|t"), replication.target().rows(ROWS));
            replication.send(List.of(article("insert", "12.0", "\"c\"", "\"new\"")));
            assertEquals(List.of("1|c|new|f"), replication.target().rows(ROWS));
            // of a row that was never there
            replication.send(List.of(change("delete", "articles", "2", "13.0", "{\"id\": 2}")));
            replication.send(List.of(change("insert", "articles", "2", "12.5", "{\"id\": 2, \"title\": \"late\"}")));
            assertEquals(List.of("1|c|new|f", "2|~|~|t"), replication.target().rows(ROWS));
            assertEquals("0", replication.target().value("select count(*) from sequin.dead_letters"));
        }
    }
}
