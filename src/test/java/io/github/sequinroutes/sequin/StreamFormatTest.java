package io.github.sequinroutes.sequin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of the Stream API, from recordings of the real server. */
class StreamFormatTest {
    private static final MessageFormat STREAM = SequinApi.of("stream").format();
    /** Of sinks whose transform makes something else of the changes. */
    private static final Set<String> TRANSFORMED = Set.of("50-fn_bad.http", "50-fn_path.http", "50-fn_transform.http");

    private static List<Message> messages(String file) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Recording recording : Recording.of(file)) {
            if (recording.isReceive()
                    && recording.status() == 200
                    && recording.body().startsWith("{")) {
                messages.addAll(messages(recording));
            }
        }
        return messages;
    }

    private static List<Message> messages(Recording recording) {
        List<Message> messages = new ArrayList<>();
        byte[] body = recording.body().getBytes(StandardCharsets.UTF_8);
        Batches.read(new ByteArrayInputStream(body), new Lease(60_000), STREAM)
                .forEachRemaining(batch -> messages.addAll(batch.messages()));
        return messages;
    }

    private static Message message(String json) {
        return StoredMessages.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), STREAM);
    }

    static List<String> files() throws IOException {
        return Recording.files();
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachRecordedMessageIsRead(String file) throws IOException {
        for (Message message : messages(file)) {
            assertEquals(TRANSFORMED.contains(file), message.problem() != null, message.problem() + message.text());
            assertNotNull(message.ackToken());
            if (message.problem() == null) {
                assertTrue(message.collection().startsWith("public."), message.collection());
                assertNotNull(message.version());
                assertFalse(message.id().isEmpty());
                assertTrue(message.toString().startsWith("{\"record\":"), message.toString());
            }
        }
    }

    @Test
    void theRecordingsHaveMessages() throws IOException {
        int all = 0;
        for (String file : Recording.files()) {
            all += messages(file).size();
        }
        assertTrue(all > 300, all + " messages");
    }

    @Test
    void anInsert() throws IOException {
        Message insert = messages("02-insert.http").get(0);
        assertEquals("public.products", insert.collection());
        assertEquals("77", insert.id());
        assertFalse(insert.isDeleted());
        assertFalse(insert.mayLackValues());
    }

    @Test
    void anUpdateAndThenADeleteOfTheSameRow() throws IOException {
        List<Message> messages = messages("07-newer-change-withheld-until-ack.http");
        Message update = messages.get(0);
        Message delete = messages.get(messages.size() - 1);
        assertEquals(update.id(), delete.id());
        assertTrue(update.mayLackValues());
        assertTrue(delete.isDeleted());
        assertFalse(delete.mayLackValues());
        assertTrue(update.version().compareTo(delete.version()) < 0);
    }

    @Test
    void theChangesOfATransactionAreInOrder() throws IOException {
        List<Message> changes = messages("08-transaction.http");
        assertEquals(
                1,
                changes.stream()
                        .map(message -> message.version().number())
                        .distinct()
                        .count());
        for (int i = 1; i < changes.size(); i++) {
            assertTrue(changes.get(i - 1).version().compareTo(changes.get(i).version()) < 0);
        }
    }

    @Test
    void withFullIdentityNoValueIsMissing() throws IOException {
        assertTrue(messages("12-toast-full.http").stream()
                .filter(message -> message.text().contains("\"action\":\"update\""))
                .filter(message -> !message.text().contains("\"changes\":{}"))
                .noneMatch(Message::mayLackValues));
        assertTrue(messages("11-toast-default.http").stream()
                .filter(message -> message.text().contains("\"action\":\"update\""))
                .allMatch(Message::mayLackValues));
    }

    @Test
    void aReadIsOlderThanAnyChange() throws IOException {
        List<Message> reads = messages("41-backfill-read.http").stream()
                .filter(message -> message.text().contains("\"action\":\"read\""))
                .toList();
        assertEquals(3, reads.size());
        reads.forEach(read -> assertEquals(Version.READ, read.version()));
    }

    @Test
    void theIdOfACompositeKeyIsItsJson() throws IOException {
        Set<String> ids = new TreeSet<>();
        messages("15-composite-key.http").forEach(message -> ids.add(message.id()));
        assertTrue(ids.stream().allMatch(id -> id.startsWith("[\"")), ids.toString());
    }

    @Test
    void withoutAKeyEachChangeStandsAlone() throws IOException {
        List<Message> changes = messages("16-table-without-pk.http");
        assertEquals(
                changes.size(), changes.stream().map(Message::id).distinct().count());
    }

    @Test
    void ofARedeliveryTheTokenIsTheSame() throws IOException {
        List<Message> deliveries = messages("81-ack-wait-2s.http");
        assertEquals(deliveries.get(0).ackToken(), deliveries.get(1).ackToken());
        assertEquals(deliveries.get(0).version(), deliveries.get(1).version());
        assertNotEquals(deliveries.get(0).ackToken(), deliveries.get(2).ackToken());
    }

    @Test
    void ackedMessagesComeBackWithNewTokensAndTheSameVersions() throws IOException {
        List<Message> deliveries = messages("33-acked-messages-come-back.http");
        long versions = deliveries.stream().map(Message::version).distinct().count();
        long tokens = deliveries.stream().map(Message::ackToken).distinct().count();
        assertTrue(versions < tokens, versions + " versions, " + tokens + " tokens");
    }

    @Test
    void theFlatFormOfTheDocumentation() {
        Message flat = message("{'ack_id':'a','record':{'id':1},'changes':null,'action':'insert','metadata':"
                + "{'table_schema':'shop','table_name':'orders','commit_lsn':5,'commit_idx':2,'record_pks':['1']}}");
        assertNull(flat.problem());
        assertEquals("a", flat.ackToken());
        assertEquals("shop.orders", flat.collection());
        assertEquals(new Version(5, 2), flat.version());
        assertEquals(flat.text(), flat.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'ack_id':'a','data':17} | no change of a row",
                "{'ack_id':'a','data':{'id':1,'name':'transformed'}} | no change of a row",
                "{'ack_id':'a','data':{'record':{'id':1},'action':'truncate','metadata':{}}} | no change of a row",
                "{'ack_id':'a','data':{'record':{'id':1},'action':'insert'}} | no table_schema and table_name",
                "{'ack_id':'a','data':{'record':{'id':1},'action':'insert','metadata':{'table_schema':'a',"
                        + "'table_name':'b','commit_lsn':1,'commit_idx':1}}} | no record_pks",
                "{'ack_id':'a','data':{'record':{'id':1},'action':'insert','metadata':{'table_schema':'a',"
                        + "'table_name':'b','commit_lsn':null,'commit_idx':1,'record_pks':['1']}}} | no commit_lsn",
                "{'ack_id':'a','data':{'record':{'id':1},'action':'insert','metadata':{'table_schema':'a',"
                        + "'table_name':'b','commit_lsn':'7','commit_idx':1,'record_pks':['1']}}} | no commit_lsn",
            })
    void whatIsNoChangeSaysWhy(String json, String problem) {
        Message message = message(json);
        assertEquals("a", message.ackToken());
        assertTrue(String.valueOf(message.problem()).contains(problem), message.problem());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"['7'] | 7", "[''] | ['']", "['[x'] | ['[x']", "['a','b'] | ['a','b']", "[7] | 7", "[] | key"})
    void theIdOfAKey(String keys, String id) {
        Message message = message("{'ack_id':'a','data':{'record':{},'action':'insert','metadata':{'table_schema':'a',"
                + "'table_name':'b','commit_lsn':1,'commit_idx':1,'idempotency_key':'key','record_pks':" + keys
                + "}}}");
        assertNull(message.problem());
        assertEquals(id.replace('\'', '"'), message.id());
    }

    @Test
    void versionsAreOrderedAsPairsAlsoAsNumbers() {
        List<Version> versions = List.of(
                Version.READ,
                new Version(1, 0),
                new Version(1, 9),
                new Version(1, 10),
                new Version(1, Integer.MAX_VALUE),
                new Version(2, 0),
                new Version(Long.MAX_VALUE, 1));
        for (int i = 1; i < versions.size(); i++) {
            Version older = versions.get(i - 1);
            Version newer = versions.get(i);
            assertTrue(older.compareTo(newer) < 0);
            assertTrue(older.toBigDecimal().compareTo(newer.toBigDecimal()) < 0, older + " " + newer);
        }
        assertEquals("26509952.0000000003", new Version(26_509_952, 3).toString());
        assertNotEquals(new Version(1, 1), new Version(1, 10));
    }
}
