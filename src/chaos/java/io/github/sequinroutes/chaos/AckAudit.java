package io.github.sequinroutes.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** At each ack, before it is applied: is every record of it committed, as another connection sees it? */
final class AckAudit implements Consumer<List<String>>, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECTIONS = 4;
    private static final int EXAMPLES = 5;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** In their table: this version or a newer one; without a version, any. Or else a dead letter. */
    private static final String IN_TABLE = """
            select r.id || ' ' || coalesce(r.version::text, '-')
            from unnest(?::text[], ?::bigint[], ?::text[]) as r (id, version, json)
            where not exists (
                select from %s t where t.id = r.id and t.sound and (t.version >= r.version or r.version is null))
              and not exists (
                select from audit.dead_letters d where d.collection = ? and d.record_id = r.id
                  and case when r.version is null then d.record = r.json else d.version = r.version end)""";

    private static final String IN_DEAD_LETTERS = """
            select r.json from unnest(?::text[], ?::text[]) as r (id, json)
            where not exists (select from audit.dead_letters d where d.record_id = r.id and d.record = r.json)
              and not (r.id is null and exists (
                select from audit.dead_letters d where d.record_id is null and d.record = r.json))""";

    /** The acked records of a collection, column by column. */
    private static final class Records {
        final List<String> ids = new ArrayList<>();
        final List<Long> versions = new ArrayList<>();
        final List<String> jsons = new ArrayList<>();
    }

    private final HikariDataSource pool = new HikariDataSource();
    private final Consumer<String> examples;
    private final AtomicLong acked = new AtomicLong();
    private final AtomicLong violations = new AtomicLong();

    /** Reads from a database; a few of the violations are told to {@code examples}. */
    AckAudit(String jdbcUrl, Consumer<String> examples) {
        this.examples = examples;
        pool.setJdbcUrl(jdbcUrl);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setConnectionTimeout(2_000);
        pool.addDataSourceProperty("socketTimeout", "30");
    }

    /** How many records have been acked. */
    long acked() {
        return acked.get();
    }

    /** How many of them were not committed. */
    long violations() {
        return violations.get();
    }

    @Override
    public void accept(List<String> records) {
        Map<Subject, Records> bySubject = new LinkedHashMap<>();
        Records homeless = new Records();
        for (String json : records) {
            JsonNode record = parse(json);
            Optional<Subject> subject = Subject.of(record.path("collection_id").asText());
            if (subject.isEmpty() || !record.has("id")) {
                homeless.ids.add(record.path("id").asText(null));
                homeless.jsons.add(json);
                continue;
            }
            Records some = bySubject.computeIfAbsent(subject.get(), s -> new Records());
            some.ids.add(record.get("id").asText());
            some.versions.add(
                    record.has("updated_idx") ? record.get("updated_idx").asLong() : null);
            some.jsons.add(json);
        }
        bySubject.forEach((subject, some) -> check(subject.collection, IN_TABLE.formatted(subject.view()), (c, s) -> {
            s.setArray(1, c.createArrayOf("text", some.ids.toArray()));
            s.setArray(2, c.createArrayOf("bigint", some.versions.toArray()));
            s.setArray(3, c.createArrayOf("text", some.jsons.toArray()));
            s.setString(4, subject.collection);
        }));
        if (!homeless.jsons.isEmpty()) {
            check("dead letters", IN_DEAD_LETTERS, (c, s) -> {
                s.setArray(1, c.createArrayOf("text", homeless.ids.toArray()));
                s.setArray(2, c.createArrayOf("text", homeless.jsons.toArray()));
            });
        }
        acked.addAndGet(records.size());
    }

    private interface Binder {
        void bind(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private void check(String where, String query, Binder binder) {
        for (String missing : rows(query, binder)) {
            if (violations.incrementAndGet() <= EXAMPLES) {
                examples.accept("acked before durable: " + where + " " + missing);
            }
        }
    }

    /** The rows of a query, once the database answers: it is being restarted time and again. */
    private List<String> rows(String query, Binder binder) {
        long begin = System.nanoTime();
        while (true) {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(query)) {
                binder.bind(connection, statement);
                List<String> rows = new ArrayList<>();
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        rows.add(result.getString(1));
                    }
                }
                return rows;
            } catch (SQLException e) {
                boolean away = e.getSQLState() == null || e.getSQLState().matches("(08|57|53|40).*");
                if (!away || System.nanoTime() - begin > PATIENCE_NANOS) {
                    examples.accept("the harness could not audit an ack: " + e);
                    throw new IllegalStateException(e); // the ack is not applied
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
