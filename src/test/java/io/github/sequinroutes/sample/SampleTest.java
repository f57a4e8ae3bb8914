package io.github.sequinroutes.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sequinroutes.collection.TemplatedCollection;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths lead nowhere in the records of a sample, and what of a file is no record. */
class SampleTest {
    private static final String RECORDS = """
            {"id": "1", "collection_id": "acme:order", "data": {"total": 1, "customer": {"e-mail": "x", "name": null},
             "lines": [{"sku": "a"}, {"sku": "b", "count": 2}], "notes": null, "labels": {}}}
            {"id": "2", "collection_id": "acme:order", "deleted": true, "data": {"reason": "gone"}}
            """;

    private static final String CHANGES = """
            {"ack_id": "a", "data": {"record": {"id": 7, "name": "x"}, "changes": null, "action": "insert",
             "metadata": {"table_schema": "public", "table_name": "orders", "commit_lsn": 1, "commit_idx": 0,
             "record_pks": ["7"]}}}
            """;

    private static SampleFile read(String api, String text) throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder("sample")) {
            Path file = folder.path().resolve("s.jsonl");
            Files.writeString(file, text);
            return SampleFile.read(file, SequinApi.of(api).format());
        }
    }

    private static List<String> paths(String api, String text, String id, String upsert) throws Exception {
        Template template = new Template("t.sql", upsert);
        TemplatedCollection collection = new TemplatedCollection(id, "t.camel.yaml:1:1", template, null);
        return new Sample(read(api, text).records(), Set.of(id))
                .paths(collection).stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":#id",
                ":#deleted",
                ":#sync.external_id",
                ":#upstream_id",
                ":#data",
                ":#data.total",
                ":#data.customer.\"e-mail\"",
                ":#data.customer.name.first",
                ":#data.notes.0.text",
                ":#data.labels.anything",
                ":#data.lines.0.sku",
                ":#data.lines.7.count"
            })
    void whatIsThereOrMayBe(String path) throws Exception {
        assertEquals(List.of(), paths("consume", RECORDS, "acme:order", "select " + path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                ":#data.totel | ; did you mean :#data.total?",
                ":#total | ; did you mean :#data.total?",
                ":#Data.total | ; did you mean :#data.total?",
                ":#data.customer.email | ; did you mean :#data.customer.\"e-mail\"?",
                ":#data.sku | ; did you mean :#data.lines.0.sku?",
                ":#data.line.0.sku | ; did you mean :#data.lines.0.sku?",
                ":#data.total.amount | ; what it is for stays null",
                ":#data.invoice.id | ; what it is for stays null",
                ":#data.order.total | ; what it is for stays null",
                ":#data.reason | ; what it is for stays null",
                ":#updated_at | ; what it is for stays null"
            })
    void whatNoRecordHas(String path, String hint) throws Exception {
        assertEquals(
                List.of("t.sql:1:8: Warning: no record of acme:order in the sample has " + path + hint),
                paths("consume", RECORDS, "acme:order", "select " + path));
    }

    @Test
    void changesOfRows() throws Exception {
        assertEquals(
                List.of("t.sql:1:20: Warning: no record of public.orders in the sample has :#record.nam; did you mean"
                        + " :#record.name?"),
                paths(
                        "stream",
                        CHANGES,
                        "public.orders",
                        "select :#record.id,:#record.nam, :#changes.total, :#metadata.commit_timestamp"));
    }

    /** The route for any collection gets those of the collections without one. */
    @Test
    void theRouteForAny() throws Exception {
        assertEquals(
                List.of(
                        "t.sql:1:8: Warning: no record of * in the sample has :#data.totel; did you mean :#data.total?"),
                paths("consume", RECORDS, "*", "select :#data.totel"));
        assertEquals(List.of(), paths("consume", RECORDS, "acme:other", "select :#data.totel"));
    }

    @Test
    void collectionsWithoutARoute() throws Exception {
        List<SampleRecord> records = read("consume", RECORDS).records();
        assertEquals(
                1,
                new Sample(records, Set.of("x:y"))
                        .withoutRoute(List.of(), List.of())
                        .size());
        assertEquals(List.of(), new Sample(records, Set.of("*")).withoutRoute(List.of(), List.of()));
        assertEquals(List.of(), new Sample(records, Set.of("acme:order")).withoutRoute(List.of(), List.of()));
        assertEquals(List.of(), new Sample(records, Set.of()).withoutRoute(List.of("acme:order"), List.of()));
    }

    /** The provider, which all of them have in common, makes no collection near to another. */
    @ParameterizedTest
    @CsvSource({
        "acme:ordr,true",
        "acme:order2,true",
        "acne:order,true",
        "acme:Orders,true",
        "acme-order,true",
        "acme:vist,false",
        "acme:other,false",
        "acme:o,false",
        "other:order,false"
    })
    void aRouteThatMayBeMeant(String routed, boolean isNear) throws Exception {
        List<SampleRecord> records = read("consume", RECORDS).records();
        TemplatedCollection route =
                new TemplatedCollection(routed, "t.camel.yaml:7:8", new Template("t.sql", "select :#id"), null);
        String text = new Sample(records, Set.of(routed))
                .withoutRoute(List.of(), List.of(route))
                .get(0)
                .toString();
        assertEquals(isNear, text.startsWith("t.camel.yaml:7:8: no record of the sample is of " + routed), text);
        assertEquals(isNear, text.endsWith("; did you mean acme:order?"), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "consume | {\"id\": \"1\"} | 1:1: the record has no collection_id",
                "consume | {\"id\": } | 1:8: is not JSON: Unexpected character",
                "consume | {\"id\": \"ü\", x} | 1:13: is not JSON: Unexpected character",
                "consume | 7 | 1:1: the message is not an object",
                "stream | {\"id\": 1} | 1:1: the message is no "
            })
    void whatIsNoMessage(String api, String line, String problem) throws Exception {
        SampleFile sample = read(api, line + "\n" + (api.equals("stream") ? CHANGES : RECORDS));
        assertEquals(api.equals("stream") ? 1 : 2, sample.records().size());
        assertEquals(1, sample.problems().size(), sample.problems().toString());
        String found = sample.problems().get(0).toString().replaceFirst(".*/s.jsonl:", "");
        assertEquals(problem, found.substring(0, Math.min(problem.length(), found.length())));
    }

    /** After a line that can be read, and where lines are broken that follow each other. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\" x} | 4:6",
                "nonsense | 4:1",
                "{\"a\": 1 | 4:1",
                "} | 4:1",
                "one~two~{\"id\" | 4:1, 5:1, 6:1",
                "{\"id\": ~7 | 4:1, 5:1"
            })
    void whereItIsNoJson(String lines, String places) throws Exception {
        SampleFile sample = read("consume", "\uFEFF" + RECORDS + lines.replace("~", "\n") + "\n" + RECORDS);
        assertEquals(
                places,
                String.join(
                        ", ",
                        sample.problems().stream()
                                .map(problem -> problem.line() + ":" + problem.column())
                                .toList()),
                sample.problems().toString());
        assertEquals(sample.problems(), sample.unreadable());
        assertEquals(4, sample.records().size());
        assertEquals(sample.messages().size(), sample.records().size());
    }

    /** As a response has its messages, but it is a record. */
    @Test
    void aRecordWithAListForItsData() throws Exception {
        SampleFile sample = read("consume", """
                {"collection_id": "acme:order", "id": "1", "data": [7, "x", null]}
                {"data": [{"ack_token": "t", "record": {"collection_id": "acme:order", "id": "2", "data": []}}]}
                """);
        assertEquals(List.of(), sample.problems());
        assertEquals(
                List.of("1", "2"), sample.messages().stream().map(Message::id).toList());
    }

    @Test
    void aFileThatIsNotThere() {
        assertThrows(
                IllegalArgumentException.class,
                () -> SampleFile.read(
                        Path.of("/no/such/file"), SequinApi.of("consume").format()));
    }
}
