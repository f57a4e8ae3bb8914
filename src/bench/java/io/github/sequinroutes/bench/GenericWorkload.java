package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.CollectionFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Records of any width, size and number of collections, for tables with any number of rows.
 *
 * @param columns     how many columns there are beside the ID and the version, all of them text
 * @param bytes       how large a record is, about; half of it goes into the columns, the rest no template asks for
 * @param tables      how many tables there are, each with a collection of its own
 * @param rows        how many rows the table holds; the records are then updates, of rows chosen at random
 */
record GenericWorkload(int columns, int bytes, int tables, int rows) implements Workload {
    private static final int ENVELOPE = 130;
    private static final String LETTERS = new Random(3)
            .ints(1_000_000, 'a', 'z' + 1)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());

    /** As the keys of the records: the numbers that follow each other are far from each other in the index. */
    private static final String ID = """
            lpad(to_hex((n::bigint * 2654435761) & 4294967295), 8, '0') || '-0000-4000-8000-' \
            || lpad(to_hex(n), 12, '0')""";

    @Override
    public List<String> collections() {
        return IntStream.range(0, tables).mapToObj(i -> "bench:thing" + i).toList();
    }

    @Override
    public Path routes() throws IOException {
        // without a page of its own it takes that of the product
        Path routes = Path.of("target", "bench", "routes-%d-%d".formatted(columns, tables));
        for (int i = 0; i < tables; i++) {
            CollectionFile.write(routes, "bench:thing" + i, template(i));
        }
        return routes;
    }

    private String template(int collection) {
        return """
                insert into bench.thing%d as t (id, updated_idx, %s)
                values (:#id, :#updated_idx, %s)
                on conflict (id) do update set updated_idx = excluded.updated_idx, %s
                where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
                """.formatted(
                        collection,
                        list("c%d"::formatted),
                        list(":#data.c%d"::formatted),
                        list("c%1$d = excluded.c%1$d"::formatted));
    }

    @Override
    public void createTables(Statement statement) throws SQLException {
        statement.execute("create schema bench");
        for (int i = 0; i < tables; i++) {
            String table = "bench.thing" + i;
            statement.execute("create table %s (id text not null, updated_idx bigint, %s)"
                    .formatted(table, list("c%d text"::formatted)));
            if (rows > 0) {
                statement.execute("insert into %s select %s, 0, %s from generate_series(0, %d) as n"
                        .formatted(table, ID, list(c -> "'c' || n"), rows - 1));
            }
            // after the rows, so that it is built by sorting them
            statement.execute("alter table %s add primary key (id)".formatted(table));
            statement.execute("vacuum analyze " + table);
        }
    }

    @Override
    public Stream<String> records(int count) {
        IntSupplier keys =
                rows == 0 ? Workload.keys(true) : new Random(7).ints(0, rows).iterator()::nextInt;
        Random random = new Random(9);
        return IntStream.range(0, count).mapToObj(i -> record(i, keys.getAsInt(), random));
    }

    private String record(int number, int key, Random random) {
        int inColumns = Math.max(0, bytes - ENVELOPE) / 2;
        // what the names and the quotes take counts, too
        int width = Math.max(4, inColumns / columns - 8);
        StringBuilder record = new StringBuilder(bytes + 100)
                .append("{\"collection_id\":\"bench:thing%d\",\"id\":\"%08x-0000-4000-8000-%012x\",\"updated_idx\":%d"
                        .formatted(key % tables, key * 0x9E3779B1, key, number + 1))
                .append(",\"deleted\":false,\"data\":{")
                .append(list(c -> "\"c%d\":\"%s\"".formatted(c, text(random, width))))
                .append(",\"items\":[");
        for (int i = 0; record.length() < bytes - 50; i++) {
            record.append(i == 0 ? "" : ",")
                    .append("{\"paid\":true,\"amount\":")
                    .append(1000 + i)
                    .append(",\"name\":\"")
                    .append(text(random, 40))
                    .append("\"}");
        }
        return record.append("]}}").toString();
    }

    private String list(IntFunction<String> column) {
        return IntStream.range(0, columns).mapToObj(column).collect(Collectors.joining(", "));
    }

    private static String text(Random random, int length) {
        int from = random.nextInt(LETTERS.length() - length);
        return LETTERS.substring(from, from + length);
    }
}
