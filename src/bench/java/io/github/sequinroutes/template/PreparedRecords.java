package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.Batches;
import io.github.sequinroutes.sequin.SequinApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records as they stand before the driver: the final statements and the values of their parameters, in memory. */
public final class PreparedRecords {
    private final Map<String, Template> templates = new HashMap<>();
    private final Map<String, RecordPaths> paths = new HashMap<>();

    /** The rows of one statement. */
    public record Rows(String sql, List<String[]> values) {
        /** Executes the statement for all rows, as one batch or one after the other, without committing. */
        public void execute(Connection connection, boolean batch) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (String[] row : values) {
                    bind(statement, row);
                    if (batch) {
                        statement.addBatch();
                    } else {
                        statement.executeUpdate();
                    }
                }
                if (batch) {
                    statement.executeBatch();
                }
            }
        }

        private static void bind(PreparedStatement statement, String[] row) throws SQLException {
            for (int i = 0; i < row.length; i++) {
                statement.setObject(i + 1, row[i], Types.OTHER);
            }
        }
    }

    /** Reads the templates of some collections from a folder, and asks the server for their types. */
    public PreparedRecords(Connection connection, Path folder, List<String> collections)
            throws IOException, SQLException {
        for (String collection : collections) {
            Path file = folder.resolve(collection.replace(':', '-') + ".upsert.sql");
            Template template = new Template(file.toString(), Files.readString(file));
            templates.put(collection, template);
            try (PreparedStatement statement = connection.prepareStatement(template.sql())) {
                paths.put(
                        collection,
                        new RecordPaths(
                                template.paths(),
                                ParameterTypes.of(statement, template.sql()).kinds()));
            }
        }
    }

    /** The statements of one batch of messages. */
    public List<Rows> prepare(List<String> messages) throws SQLException {
        List<Rows> statements = new ArrayList<>();
        for (Group group : Batches.of(
                        messages, new Lease(60_000), SequinApi.of("consume").format())
                .groups(message -> true, Message::collection)) {
            List<String[]> values = new ArrayList<>();
            for (Message message : Group.newest(group.pending())) {
                values.add(paths.get(group.route()).valuesOf(message).texts());
            }
            statements.add(new Rows(templates.get(group.route()).sql(), values));
        }
        return statements;
    }
}
