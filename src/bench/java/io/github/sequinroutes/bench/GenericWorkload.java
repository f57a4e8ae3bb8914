package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
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
    private static final String LETTERS = letters(1_000_000);

    /** As the keys of the records: the numbers that follow each other are far from each other in the index. */
    private static final String ID = """
            lpad(to_hex((n::bigint * 2654435761) & 4294967295), 8, '0') || '-0000-4000-8000-' \
            || lpad(to_hex(n), 12, '0')""";

    /** The one with this name: its four numbers. */
    static Workload of(String name) {
        int[] numbers =
                Stream.of(name.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        return new GenericWorkload(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    @Override
    public String name() {
        return "%d,%d,%d,%d".formatted(columns, bytes, tables, rows);
    }

    @Override
    public List<String> collections() {
        return IntStream.range(0, tables).mapToObj(i -> "bench:thing" + i).toList();
    }

    @Override
    public Path routes() throws IOException {
        Path routes = Path.of("target", "bench", "routes-" + name().replace(',', '-'));
        Files.createDirectories(routes.resolve("collections"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, routes.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (int i = 0; i < tables; i++) {
            Path collection = routes.resolve("collections");
            Files.writeString(collection.resolve("bench-thing%d.upsert.sql".formatted(i)), template(i));
            Files.writeString(collection.resolve("bench-thing%d.camel.yaml".formatted(i)), route(i));
        }
        return routes;
    }

    private static String route(int collection) {
        return """
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: bench-thing%1$d
                    parameters:
                      - name: collection
                        value: bench:thing%1$d
                      - name: upsert
                        value: bench-thing%1$d.upsert.sql
                """.formatted(collection);
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
        Keys keys = rows == 0 ? new Keys(false) : new Keys(rows);
        Random random = new Random(9);
        return IntStream.range(0, count).mapToObj(i -> record(i, keys.next(), random));
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

    private static String letters(int count) {
        Random random = new Random(3);
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }
}
