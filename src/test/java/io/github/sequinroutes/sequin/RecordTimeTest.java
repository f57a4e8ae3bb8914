package io.github.sequinroutes.sequin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTimeTest {
    private static long millis(String api, String message) {
        return StoredMessages.read(
                        message.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                        SequinApi.of(api).format())
                .format()
                .timeMillis(StoredMessages.read(
                        message.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                        SequinApi.of(api).format()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            consume | {'ack_token':'t','record':{'id':'a','collection_id':'c','inserted_at':'2024-05-02T10:11:12.000001Z','data':{}}} | 2024-05-02T10:11:12Z
            consume | {'record':{'id':'a','collection_id':'c','inserted_at':'2023-01-01T00:00:00Z','upstream_updated_at':'2024-05-02T12:11:12+02:00','data':{'updated_at':'2030-01-01T00:00:00Z'}}} | 2024-05-02T10:11:12Z
            consume | {'record':{'id':'a','collection_id':'c','updated_at':'2024-05-02 10:11:12','upstream_updated_at':null}} | 2024-05-02T10:11:12Z
            consume | {'record':{'id':'a','collection_id':'c','updated_at':'yesterday','inserted_at':17}} |
            consume | {'record':{'id':'a','collection_id':'c'}} |
            stream | {'ack_id':'t','data':{'record':{'commit_timestamp':'2030-01-01T00:00:00Z'},'action':'insert','metadata':{'table_schema':'s','table_name':'t','commit_timestamp':'2024-05-02T10:11:12.500000Z'}}} | 2024-05-02T10:11:12.500Z
            stream | {'ack_id':'t','record':{'id':1},'action':'insert','metadata':{'commit_timestamp':'2024-05-02T10:11:12Z'}} | 2024-05-02T10:11:12Z
            stream | {'ack_id':'t','data':{'record':{'id':1},'action':'insert','metadata':[]}} |
            stream | {'ack_id':'t','data':17} |
            """)
    void theTimeIsThatOfTheRecordItself(String api, String message, String time) {
        assertEquals(time == null ? -1 : Instant.parse(time).toEpochMilli(), millis(api, message));
    }
}
