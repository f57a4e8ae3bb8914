package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scaffold --schema}: collections from JSON Schemas and OpenAPI documents. */
@Tag("postgres")
class ScaffoldSchemaTest {
    private static final String OPENAPI = """
            openapi: 3.0.3
            info: {title: Shop, version: "1"}
            paths: {}
            components:
              schemas:
                Address:
                  type: object
                  properties:
                    city: {type: string}
                LineItem:
                  allOf:
                    - $ref: '#/components/schemas/Base'
                    - type: object
                      properties:
                        parent: {$ref: '#/components/schemas/LineItem'}
                        amount: {type: number}
                Base:
                  type: object
                  required: [id]
                  properties:
                    id: {type: string}
                    created: {type: integer, format: unix-time}
                    updated_ms: {type: integer, format: int64, description: Milliseconds since the Unix epoch.}
                order:
                  allOf:
                    - $ref: '#/components/schemas/Base'
                    - type: object
                      additionalProperties: false
                      properties:
                        number: {type: integer, format: int64}
                        huge: {type: integer, maximum: 1.0e+30}
                        total: {type: number}
                        paid: {type: boolean, nullable: true}
                        status: {type: string, enum: [open, closed]}
                        placedAt: {type: string, format: date-time, nullable: true}
                        due: {anyOf: [{type: string, format: date}, {type: string, enum: ['']}]}
                        token: {oneOf: [{type: string, format: uuid}, {type: 'null'}]}
                        customer:
                          anyOf: [{type: string, maxLength: 5000}, {$ref: '#/components/schemas/Base'}]
                        lines: {type: array, items: {$ref: '#/components/schemas/LineItem'}}
                        parent: {$ref: '#/components/schemas/order'}
                        address:
                          nullable: true
                          allOf: [{$ref: '#/components/schemas/Address'}]
                        anything: {}
                        nothing: {type: 'null'}
                        group: {type: string}
                  description: An order
            """;

    private static final String COLUMNS = """
            select attname || ' ' || format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = '%s'::regclass and attnum > 9 order by attnum""";

    @Tag("long")
    @Test
    void openApiInYaml() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("openapi.yaml", OPENAPI);
            Replication.Result result =
                    replication.run("scaffold", "shop:order", "--apply", "--schema", replication.path("openapi.yaml"));
            assertEquals(0, result.status(), result.toString());
            assertEquals(
                    List.of(
                            "data_id text",
                            "created timestamp with time zone",
                            "updated_ms timestamp with time zone",
                            "number bigint",
                            "huge numeric",
                            "total numeric",
                            "paid boolean",
                            "status text",
                            "placed_at timestamp with time zone",
                            "due date",
                            "token uuid",
                            "customer_id text",
                            "customer jsonb",
                            "lines jsonb",
                            "parent_id text",
                            "parent jsonb",
                            "address jsonb",
                            "anything jsonb",
                            "nothing text",
                            "group text"),
                    replication.target().rows(COLUMNS.formatted("shop.orders")));
            assertEquals(new Replication.Result(0, List.of("1 of 1 templates can be used.")), replication.run("check"));
            replication
                    .bundle()
                    .offer(
                            TestRecord.of("shop:order", "a", 1, """
                            {"id": "up-a", "created": 1767225600, "updated_ms": 1767225600001, "number": 1, "total": 1.5,
                             "huge": 1000000000000000000000000, "due": "", "customer": "c1", "parent": {"id": "p"},
                             "anything": [1], "group": "g", "placedAt": "2026-01-01T00:00:00Z", "token": null}"""),
                            TestRecord.of(
                                    "shop:order", "b", 1, "{\"customer\": {\"id\": \"c2\"}, \"due\": \"2026-01-02\"}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), replication.bundle().deadLetters());
            assertEquals(
                    List.of(
                            "a|2026-01-01 00:00:00+00|2026-01-01 00:00:00.001+00|1|1000000000000000000000000|1.5|~|c1|\"c1\"|p|[1]|g",
                            "b|~|~|~|~|~|2026-01-02|c2|{\"id\": \"c2\"}|~|~|~"),
                    replication
                            .target()
                            .rows(
                                    "select id, created, updated_ms, number, huge, total, due, customer_id, customer, parent_id,"
                                            + " anything, \"group\" from shop.orders order by id"));
        }
    }

    @Test
    void jsonSchemaOfARecordOrOfItsData() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.write("record.json", """
                    {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {
                      "id": {"type": "string"}, "updated_idx": {"type": "integer"}, "data": {"$ref": "#/$defs/a~1b%20c"}},
                     "$defs": {"a/b c": {"properties": {"name": {"type": ["string", "null"]}, "tags": {"items": {}},
                       "properties": {"properties": {"email": {"const": ""}, "age": {"type": ["integer", "null"]}}},
                       "either": {"type": ["integer", "string"]}, "choice": {"enum": [1, 2.5, null]}}}}}""");
            Replication.Result result =
                    replication.run("scaffold", "crm:company", "--apply", "--schema", replication.path("record.json"));
            assertEquals(0, result.status(), result.toString());
            List<String> columns =
                    List.of("name text", "tags jsonb", "email text", "age bigint", "either text", "choice numeric");
            assertEquals(columns, replication.target().rows(COLUMNS.formatted("crm.companies")));
            assertEquals(new Replication.Result(0, List.of("1 of 1 templates can be used.")), replication.run("check"));
            // by its pointer
            result = replication.run(
                    "scaffold", "crm:box", "--apply", "--schema", replication.path("record.json") + "#/$defs/a~1b c");
            assertEquals(0, result.status(), result.toString());
            assertEquals(columns, replication.target().rows(COLUMNS.formatted("crm.boxes")));
            assertTrue(replication.file("routes/collections/crm-box.upsert.sql").contains(":#data.properties.age"));
        }
    }
}
