package io.github.sequinroutes.check;

import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.DescribedTemplate;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.Way;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A temporary, empty copy of a table, which templates write in its place. It is gone with the transaction, which must be rolled
 * back.
 */
final class CopiedTable {
    private static final int MAX_RECORD_SIZE = 100_000;
    private static final long RECORD_MILLIS = 1_000;
    private static final Pattern NEXT_VALUE = Pattern.compile("\\bnextval\\('");

    /** What a rule does is not seen, or is not undone. */
    private static final String CAN_BE_COPIED =
            "select not c.relhasrules and c.relkind in ('r', 'p') from pg_class c where c.oid = ?::oid";

    /** What a column gets that is another value each time. */
    private static final Pattern EACH_TIME =
            Pattern.compile("nextval\\(|random|clock_timestamp|timeofday|uuid_generate");

    private static final String COLUMNS_OF = """
            select array(select a.attname::text from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey))
            from pg_constraint c where c.conrelid = ?::regclass and c.contype = 'c' and c.conname = ?""";

    private final Connection connection;
    private final Savepoint empty;
    private final String name;
    private final List<String> columns;
    /** The upsert template, and behind it the delete template if there is one. */
    private final List<Prepared> templates = new ArrayList<>();

    private record Prepared(TemplateStatement statement, DescribedTemplate described) {}

    private CopiedTable(Connection connection, TargetTable table, String name, Template upsert, Template delete)
            throws SQLException {
        this.connection = connection;
        this.name = name;
        columns = steadyColumns(table);
        for (Template template : delete == null ? List.of(upsert) : List.of(upsert, delete)) {
            TemplateStatement statement = new TemplateStatement(template, MAX_RECORD_SIZE);
            templates.add(new Prepared(statement, statement.describe(connection)));
        }
        empty = connection.setSavepoint();
    }

    /** The columns that do not get another value each time. */
    static List<String> steadyColumns(TargetTable table) {
        return table.columns().stream()
                .filter(column -> column.ownValue() == null
                        || !EACH_TIME.matcher(column.ownValue()).find())
                .map(TargetTable.Column::name)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /**
     * A copy of a table.
     *
     * @param name   its own
     * @param upsert the upsert template, as it writes the copy
     * @param delete the delete template, or null
     * @return null if it would not do as the table does
     * @throws SQLException if the server refuses it, as it does where the role may not create temporary tables
     */
    static CopiedTable of(Connection connection, TargetTable table, String name, Template upsert, Template delete)
            throws SQLException {
        return create(connection, table, name, upsert, delete)
                ? new CopiedTable(connection, table, name, upsert, delete)
                : null;
    }

    /** Creates a copy of a table that these templates write, if it does as the table does; returns whether it does. */
    static boolean create(Connection connection, TargetTable table, String name, Template upsert, Template delete)
            throws SQLException {
        if (!canBeCopied(connection, table, upsert, delete)) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table " + name + " (like " + table.name() + " including all)");
            for (TargetTable.Column column : table.columns()) {
                if (column.ownValue() != null
                        && NEXT_VALUE.matcher(column.ownValue()).find()) {
                    // a number that the table's own sequence gives is not given back
                    String alter = "alter table " + name + " alter column " + SqlNames.quoted(column.name());
                    statement.execute(alter + " drop default");
                    statement.execute(alter + " add generated by default as identity");
                }
            }
        }
        return true;
    }

    private static boolean canBeCopied(Connection connection, TargetTable table, Template upsert, Template delete)
            throws SQLException {
        StringBuilder code = new StringBuilder(upsert.sql()).append(delete == null ? "" : delete.sql());
        table.columns().stream()
                .filter(column -> column.ownValue() != null)
                .map(column -> NEXT_VALUE.matcher(column.ownValue()).find() ? "" : " " + column.ownValue())
                .filter(value -> !value.equals(" nextval()")) // of an identity, which the copy has itself
                .forEach(code::append);
        return Boolean.TRUE.equals(Query.first(connection, CAN_BE_COPIED, row -> row.getBoolean(1), table.id()))
                && !CalledFunctions.areAnyVolatile(connection, code.toString());
    }

    /** The types that the server gives the paths of both templates; of a path that has several one that is no text. */
    Map<List<String>, String> types() throws SQLException {
        Map<List<String>, String> types = new LinkedHashMap<>();
        for (Prepared one : templates) {
            Template template = one.statement.template();
            try (PreparedStatement statement = connection.prepareStatement(template.sql())) {
                for (int i = 0; i < template.paths().size(); i++) {
                    String type = statement.getParameterMetaData().getParameterTypeName(i + 1);
                    types.merge(
                            template.paths().get(i), type, (old, other) -> old.matches("text|varchar") ? other : old);
                }
            }
        }
        return types;
    }

    /** The paths that tell which row a message means, as far as the templates say it. */
    List<List<String>> keys() {
        return templates.stream()
                .flatMap(one -> one.statement.keyPaths().stream())
                .toList();
    }

    /**
     * What messages leave in the empty table.
     *
     * @param rows  each by the names of its columns; null if a message is refused
     * @param failure what the server says of that, or null
     */
    record Outcome(List<Map<String, String>> rows, ServerErrorMessage failure) {
        /** The SQLSTATE, or null. */
        String state() {
            return failure == null ? null : failure.getSQLState();
        }
    }

    /** What these messages leave in it, if it was empty before. */
    Outcome after(List<Message> messages) throws SQLException {
        connection.rollback(empty);
        try {
            for (Message message : messages) {
                write(message);
            }
            return new Outcome(rows(name, columns), null);
        } catch (TemplateException notThisRecord) {
            return new Outcome(null, null);
        } catch (SQLException e) {
            if (!(e instanceof RecordFaultException) && !Failures.isReportedByServer(e)) {
                throw e;
            }
            Throwable cause = Failures.sqlCause(e instanceof RecordFaultException ? e.getCause() : e);
            return new Outcome(null, cause instanceof PSQLException server ? server.getServerErrorMessage() : null);
        }
    }

    /** The columns of a check of the table, or null if it has none of this name. */
    List<String> columnsOf(String constraint) throws SQLException {
        connection.rollback(empty);
        return Query.first(
                connection,
                COLUMNS_OF,
                row -> List.of((String[]) row.getArray(1).getArray()),
                name,
                constraint);
    }

    /** Leaves out the columns that get another value each time that this message is written; returns whether there are any. */
    boolean leaveOutNoise(Message message) throws SQLException {
        boolean isSteady = templates.stream()
                .noneMatch(
                        one -> EACH_TIME.matcher(one.statement.template().sql()).find());
        if (isSteady) {
            return false;
        }
        List<Map<String, String>> one = after(List.of(message)).rows();
        List<Map<String, String>> other = after(List.of(message)).rows();
        return one != null
                && other != null
                && one.size() == 1
                && other.size() == 1
                && columns.removeIf(column ->
                        !Objects.equals(one.get(0).get(column), other.get(0).get(column)));
    }

    private void write(Message message) throws SQLException {
        Prepared template = templates.get(message.isDeleted() ? templates.size() - 1 : 0);
        template.statement.execute(
                connection, new RoundTrip(), template.described, List.of(message), Map.of(), RECORD_MILLIS, Way.SINGLY);
    }

    /** The rows that a copy has now. */
    List<Map<String, String>> rows(String name, List<String> columns) throws SQLException {
        List<Map<String, String>> rows = new ArrayList<>();
        // not prepared: from some execution on the driver would read values as PostgreSQL has them, and write them in
        // its own way
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + SqlNames.list(columns) + " from " + name)) {
            while (row.next()) {
                Map<String, String> values = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    values.put(columns.get(i), row.getString(i + 1));
                }
                rows.add(values);
            }
        }
        return rows;
    }
}
