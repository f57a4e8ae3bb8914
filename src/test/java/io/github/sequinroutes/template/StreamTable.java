package io.github.sequinroutes.template;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.json.FieldNames;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.Recording;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A template as messages of the Stream API are written with it, in a database of its own. */
final class StreamTable implements AutoCloseable {
    private static final MessageFormat STREAM = SequinApi.of("stream").format();
    private static final int MAX_RECORD_SIZE = 1_000_000;

    private final TestDatabase database = new TestDatabase();
    private final Connection connection;
    private final TemplateStatement statement;

    StreamTable(String ddl, String template) throws SQLException, IOException {
        database.execute(ddl);
        // as the bundle connects
        connection = DriverManager.getConnection(database.url() + "&reWriteBatchedInserts=true");
        try (Statement zone = connection.createStatement()) {
            zone.execute("set time zone 'UTC'");
        }
        connection.setAutoCommit(false);
        statement = new TemplateStatement(new Template("t.sql", template), MAX_RECORD_SIZE);
    }

    /** A message with the content of {@code data}, in which ' stands for ". */
    static Message message(String key, int version, String action, String record, String changes) {
        String json = "{'data':{'record':" + record + ",'changes':" + changes + ",'action':'" + action
                + "','metadata':{'table_schema':'public','table_name':'t','commit_lsn':" + version
                + ",'commit_idx':0,'idempotency_key':'x','record_pks':['" + key + "']}}}";
        return StoredMessages.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), STREAM);
    }

    static Message update(String key, int version, String record) {
        return message(key, version, "update", record, "{}");
    }

    /** The messages of a recording, in order. */
    static List<Message> recorded(String file) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Recording recording : Recording.of(file)) {
            if (recording.isReceive() && recording.status() == 200) {
                byte[] body = recording.body().getBytes(StandardCharsets.UTF_8);
                JsonScanner json = new JsonScanner(body, 0, body.length);
                json.peek();
                json.beginObject();
                json.hasNext('}');
                json.selectName(new FieldNames<>(Map.of(), ""));
                json.peek();
                json.beginArray();
                while (json.hasNext(']')) {
                    messages.add(Message.read(json, STREAM));
                }
            }
        }
        return messages;
    }

    /** Writes messages in one transaction. */
    void write(List<Message> messages) throws SQLException {
        write(messages, true);
    }

    void write(List<Message> messages, boolean together) throws SQLException {
        try {
            DescribedTemplate now = statement.describe(connection);
            for (List<Message> round : Group.rounds(messages)) {
                statement.execute(
                        connection, new RoundTrip(), now, round, Map.of(), 30_000, together ? Way.SET : Way.SINGLY);
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    void write(Message... messages) throws SQLException {
        write(List.of(messages));
    }

    List<String> rows(String query) throws SQLException {
        return database.rows(query);
    }

    TestDatabase database() {
        return database;
    }

    Connection connection() {
        return connection;
    }

    TemplateStatement statement() {
        return statement;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        database.drop();
    }
}
