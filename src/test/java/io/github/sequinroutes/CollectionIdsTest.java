package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 58: collection IDs with any characters match their route, and no other. */
class CollectionIdsTest {
    private static final List<String> ODD = List.of(
            " leading",
            "trailing ",
            "a b",
            " ",
            "a/b",
            "a//b",
            "//a",
            "/",
            "a?b",
            "a?block=false",
            "?",
            "a&b=c",
            "a#b",
            "a%20b",
            "a%2Fb",
            "%",
            "%41",
            "a+b",
            "a://b",
            "direct:a",
            "{{x}}",
            "{{a:b}}",
            "{{",
            "}}",
            "${y}",
            "${body}",
            "#{z}",
            "a*b",
            "\"q\"",
            "it's",
            "<a>",
            "<",
            "äöü",
            "ÄÖÜ",
            "😀",
            "👩‍👧",
            "مرحبا",
            "\\",
            "a\\b",
            "RAW(a)",
            "upserts",
            "deletes",
            "upsert",
            "collection",
            "template",
            "sequin-ack",
            "sequin-write",
            "stripe:Subscription",
            "null",
            "true",
            "5",
            "~",
            "A",
            "a",
            "x".repeat(300),
            "x".repeat(299) + "y",
            "a\tb",
            "a;b,c|d");

    private static String json(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t");
    }

    private static void write(TestBundle bundle, int number, String route) throws Exception {
        Path folder = bundle.routes().resolve("collections");
        Files.writeString(folder.resolve("odd-" + number + ".camel.yaml"), route);
        Files.writeString(
                folder.resolve("odd-" + number + ".upsert.sql"),
                "insert into odd (route, collection) values (" + number + ", :#collection_id)");
    }

    @Test
    void matchTheirRoute() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table odd (route int, collection text)");
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < ODD.size(); i++) {
                String id = ODD.get(i);
                write(bundle, i, """
                        - templatedRoute:
                            routeTemplateRef: collection
                            routeId: odd-%d
                            parameters:
                              - name: collection
                                value: "%s"
                              - name: upsert
                                value: odd-%d.upsert.sql
                        """.formatted(i, json(id), i));
                bundle.offer(TestRecord.of(json(id), "a", 1, "{}"));
                expected.add(i + "|" + id);
            }
            bundle.offer(TestRecord.of("a%20b%", "a", 1, "{}"), TestRecord.of("+", "a", 1, "{}"));
            bundle.start().awaitDrained();
            assertEquals(expected, bundle.database().rows("select route, collection from odd order by route"));
            assertEquals(
                    List.of("+", "a%20b%"),
                    bundle.database()
                            .rows("select collection from sequin.dead_letters order by collection collate \"C\""));
        }
    }

    /** As a user writes it who wants steps of his own in between. */
    @Tag("long")
    @Test
    void ofAnOrdinaryRoute() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table odd (route int, collection text)");
            List<String> ids = List.of("test:plain", "a b", "a%20b", "ü", "test:options");
            for (int i = 0; i < ids.size(); i++) {
                write(bundle, i, """
                        - route:
                            id: odd-%d
                            group: collection
                            routeConfigurationId: sequin
                            streamCache: "false"
                            from:
                              uri: "direct:%s"
                              steps:
                                - setVariable:
                                    name: group
                                    simple: ${body}
                                - split:
                                    simple: ${body}
                                    steps:
                                      - setVariable:
                                          name: id
                                          simple: ${body.collection}
                                      - to:
                                          uri: "sql:insert into odd (route, collection) values (%d, :#id)"
                                          parameters:
                                            dataSource: "#postgres"
                                - setBody:
                                    simple: ${variable.group.markWritten}
                        """.formatted(i, ids.get(i) + (i == 4 ? "?timeout=1000" : ""), i));
                bundle.offer(TestRecord.of(ids.get(i), "a", 1, "{}"));
            }
            bundle.start().awaitDrained();
            assertEquals(
                    List.of("0|test:plain", "1|a b", "2|a%20b", "3|ü", "4|test:options"),
                    bundle.database().rows("select route, collection from odd order by route"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }
}
