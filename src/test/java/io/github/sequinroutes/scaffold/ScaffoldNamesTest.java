package io.github.sequinroutes.scaffold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of the API as names of tables, columns and files. */
class ScaffoldNamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            currentPeriodEnd | current_period_end
            HTTPServer2URL | http_server2_url
            First Name | first_name
            Custom__c | custom_c
            _id | id
            2fa | _2fa
            Ünï-côde | uni_code
            日本語 | 日本語
            '"; --' | field
            """)
    void inSnakeCase(String name, String snake) {
        assertEquals(snake, Identifiers.snake(name));
    }

    @ParameterizedTest
    @CsvSource({
        "stripe:subscription, stripe, subscriptions",
        "stripe:payment_intent, stripe, payment_intents",
        "crm:company, crm, companies",
        "acme:day, acme, days",
        "acme:orders, acme, orders",
        "acme:box, acme, boxes",
        "acme:status, acme, statuses",
        "salesforce:OpportunityLineItem, salesforce, opportunity_line_items",
        "orders, public, orders",
        "a:b:c, a, b_cs",
        "sequin:version, public, sequin_versions",
        "pg_toast:x, public, pg_toast_xes"
    })
    void tablesOfCollections(String collection, String schema, String table) {
        assertEquals(new TableName(schema, table), TableName.of(collection));
    }

    @Test
    void aNameIsTakenOnceAndNeverTooLong() {
        ColumnNames names = new ColumnNames(List.of("id"));
        assertEquals("data_id", names.name("id"));
        assertEquals("id_2", names.name("ID"));
        assertEquals("id_3", names.name("_id"));
        assertEquals("data_xmin", names.name("xmin"));
        String first = names.name("日".repeat(40));
        assertEquals("日".repeat(21), first);
        assertEquals("data_" + "日".repeat(19), names.name("日".repeat(40) + "x"));
        String third = names.name("日".repeat(50));
        assertEquals("日".repeat(20) + "_2", third);
        assertTrue(third.getBytes(StandardCharsets.UTF_8).length <= 63);
    }

    @Test
    void onlyWhatNeedsQuotesHasSome() {
        Identifiers identifiers = new Identifiers(Set.of("order"));
        assertEquals("orders_2", identifiers.sql("orders_2"));
        assertEquals("\"order\"", identifiers.sql("order"));
        assertEquals("\"a\"\"b\"", identifiers.sql("a\"b"));
        assertEquals("\"日\"", identifiers.sql("日"));
    }

    @Test
    void pathsAndFiles() {
        assertEquals(
                ":#data.a.\"b.c\".\"d\"\"e\".\"\".0", Paths.parameter(List.of("data", "a", "b.c", "d\"e", "", "0")));
        assertTrue(Paths.isSpellable("日本 語\"'{{"));
        for (String hidden : List.of("a\nb", "\0", "\u202e", "\ud800", "\u2028", "\ufeff")) {
            assertFalse(Paths.isSpellable(hidden));
        }
        assertEquals("stripe-subscription", Paths.file("stripe:subscription"));
        assertEquals("plain", Paths.file("plain"));
        // neither the same for two collections, nor the same to a file system without capitals
        assertEquals(
                8,
                List.of("a:b-c", "a:b:c", "a-b:c", "A:b-c", "a:b c", "日", "日:", "a:b_c").stream()
                        .map(Paths::file)
                        .distinct()
                        .count());
        assertTrue(Paths.file("x".repeat(300)).length() < 120);
        assertTrue(Paths.file("日").startsWith("collection-"));
    }
}
