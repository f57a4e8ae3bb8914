package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.Ceiling.Write;
import io.github.sequinroutes.template.PreparedRecords.Rows;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.jdbc.PgConnection;

/**
 * The ways to upsert rows that are in memory already, each as near to what goes over the wire as its driver takes it. A row
 * is its texts: the ID, the version, and the columns that are all text.
 */
enum MemoryWay implements Ceiling.Way {
    /** Arrays as the text that PostgreSQL reads. */
    UNNEST_TEXT("unnest of arrays, as text") {
        @Override
        Write prepareRows(List<String[]> rows) {
            int width = rows.get(0).length;
            List<String> arrays = IntStream.range(0, width)
                    .mapToObj(i -> rows.stream()
                            .map(row -> "\"" + row[i].replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                            .collect(Collectors.joining(",", "{", "}")))
                    .toList();
            String sql = unnest(width);
            return connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    for (int i = 0; i < width; i++) {
                        statement.setObject(i + 1, arrays.get(i), Types.OTHER);
                    }
                    statement.executeUpdate();
                }
            };
        }
    },

    /** Arrays that the driver writes in binary. */
    UNNEST_BINARY("unnest of arrays, binary") {
        @Override
        Write prepareRows(List<String[]> rows) {
            int width = rows.get(0).length;
            List<Object[]> arrays = IntStream.range(0, width)
                    .mapToObj(i -> rows.stream()
                            .map(row -> i == 1 ? Long.valueOf(row[i]) : row[i])
                            .toArray(i == 1 ? Long[]::new : String[]::new))
                    .map(Object[].class::cast)
                    .toList();
            String sql = unnest(width);
            return connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    for (int i = 0; i < width; i++) {
                        Array array = connection.createArrayOf(i == 1 ? "int8" : "text", arrays.get(i));
                        statement.setArray(i + 1, array);
                    }
                    statement.executeUpdate();
                }
            };
        }
    },

    /** Arrays of texts in binary, unnested where they are selected: what our process does. */
    UNNEST_SELECTED("unnest in the select list, texts in binary") {
        @Override
        Write prepareRows(List<String[]> rows) {
            int width = rows.get(0).length;
            List<String[]> arrays = IntStream.range(0, width)
                    .mapToObj(i -> rows.stream().map(row -> row[i]).toArray(String[]::new))
                    .toList();
            String elements = list(width, i -> "unnest(cast(? as text[])) as " + column(i));
            String values = list(width, i -> i == 1 ? "cast(updated_idx as bigint)" : column(i));
            String sql =
                    insert(width) + " select " + values + " from (select " + elements + ") as r" + onConflict(width);
            return connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    for (int i = 0; i < width; i++) {
                        statement.setArray(i + 1, connection.createArrayOf("text", arrays.get(i)));
                    }
                    statement.executeUpdate();
                }
            };
        }
    },

    /** Rows copied as text into a temporary table, and from there. */
    COPY_TEXT("copy as text into a temporary table, then insert … select") {
        @Override
        Write prepareRows(List<String[]> rows) {
            byte[] copied = rows.stream()
                    .map(row -> IntStream.range(0, row.length)
                            .mapToObj(i -> row[i].replace("\\", "\\\\")
                                    .replace("\t", "\\t")
                                    .replace("\n", "\\n")
                                    .replace("\r", "\\r"))
                            .collect(Collectors.joining("\t", "", "\n")))
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8);
            return copied("", copied, rows.get(0).length);
        }
    },

    /** The same in binary. */
    COPY_BINARY("copy in binary into a temporary table, then insert … select") {
        @Override
        Write prepareRows(List<String[]> rows) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeBytes("PGCOPY\n");
            out.writeByte(255);
            out.writeBytes("\r\n");
            out.write(new byte[9]);
            for (String[] row : rows) {
                out.writeShort(row.length);
                for (int i = 0; i < row.length; i++) {
                    byte[] value = i == 1
                            ? ByteBuffer.allocate(Long.BYTES)
                                    .putLong(Long.parseLong(row[i]))
                                    .array()
                            : row[i].getBytes(StandardCharsets.UTF_8);
                    out.writeInt(value.length);
                    out.write(value);
                }
            }
            out.writeShort(-1);
            return copied(" with (format binary)", bytes.toByteArray(), rows.get(0).length);
        }
    };

    private static final String STAGE = "create temporary table staged (like bench.thing0) on commit delete rows";

    /** Its name for a reader. */
    final String label;

    MemoryWay(String label) {
        this.label = label;
    }

    abstract Write prepareRows(List<String[]> rows) throws IOException;

    @Override
    public Write prepare(Rows rows) throws IOException {
        // in the order of their keys, so that two connections do not deadlock
        return prepareRows(rows.values().stream()
                .sorted(Comparator.comparing(row -> row[0]))
                .toList());
    }

    @Override
    public void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(STAGE);
        }
    }

    /** The statement of {@link GenericWorkload}, for one row. */
    static String values(int width) {
        return insert(width) + " values (" + list(width, i -> "?") + ")" + onConflict(width);
    }

    /** The same with arrays for all rows. */
    static String unnest(int width) {
        String arrays = list(width, i -> "cast(? as " + (i == 1 ? "bigint" : "text") + "[])");
        return insert(width) + " select * from unnest(" + arrays + ")" + onConflict(width);
    }

    private static Write copied(String format, byte[] bytes, int width) {
        String insert = insert(width) + " select * from staged" + onConflict(width);
        return connection -> {
            CopyManager manager = connection.unwrap(PgConnection.class).getCopyAPI();
            CopyIn copy = manager.copyIn("copy staged from stdin" + format);
            copy.writeToCopy(bytes, 0, bytes.length);
            copy.endCopy();
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.executeUpdate();
            }
        };
    }

    private static String insert(int width) {
        return "insert into bench.thing0 as t (" + list(width, MemoryWay::column) + ")";
    }

    private static String onConflict(int width) {
        String set = IntStream.range(1, width)
                .mapToObj(MemoryWay::column)
                .map(column -> column + " = excluded." + column)
                .collect(Collectors.joining(", "));
        return " on conflict (id) do update set " + set
                + " where t.updated_idx is null or t.updated_idx <= excluded.updated_idx";
    }

    private static String column(int number) {
        return number == 0 ? "id" : number == 1 ? "updated_idx" : "c" + (number - 2);
    }

    private static String list(int width, IntFunction<String> each) {
        return IntStream.range(0, width).mapToObj(each).collect(Collectors.joining(", "));
    }
}
