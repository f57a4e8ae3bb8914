package io.github.sequinroutes.sandbox.replica;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Changes the shop as its application would: transactions of a few inserts, updates and deletes. Not thread-safe. */
final class ShopLoad {
    /** What is done to a row. */
    enum Kind {
        /** A new row, one time in five with the key of a deleted one. */
        INSERT,
        /** Other values. */
        UPDATE,
        /** Another key. */
        KEY,
        /** A row is gone. */
        DELETE
    }

    private static final long PAUSE_MILLIS = 4;
    private static final int PAYMENTS = 3;

    private record Statements(String insert, String update, String delete) {}

    // every parameter is the key or a random number; what a table needs is made of these in SQL
    private static final List<Statements> TABLES = List.of(
            new Statements(
                    "insert into customers select k, 'Customer ' || r, nullif('c' || r || '@example.com', 'c7@example.com'),"
                            + " r % 3 = 0, r / 100.0, array['t' || r, null, 'a \"b\", {c}'],"
                            + " jsonb_build_object('rank', r, 'half', r / 2.0, 'name', 'Zoë ' || r), now() from (select ?::bigint k, ?::int r) p",
                    "update customers set balance = r / 100.0, vip = not vip, email = case when r % 5 = 0 then null else 'u' || r end,"
                            + " tags = tags || ('u' || r) from (select ?::bigint k, ?::int r) p where id = k",
                    "delete from customers where id = ?::bigint"),
            new Statements(
                    "insert into order_lines select k / 3, k % 3, 'Product ' || r, r, r / 7.0 from (select ?::bigint k, ?::int r) p",
                    "update order_lines set quantity = r, price = r / 3.0 from (select ?::bigint k, ?::int r) p"
                            + " where order_id = k / 3 and line = k % 3",
                    "delete from order_lines l using (select ?::bigint k) p where order_id = k / 3 and line = k % 3"),
            new Statements(
                    "insert into articles select k, 'Article ' || r, 0, (select string_agg(md5((r + i)::text), '')"
                            + " from generate_series(1, 150) i) from (select ?::int k, ?::int r) p",
                    "update articles set views = views + 1, title = 'Article ' || r from (select ?::int k, ?::int r) p where id = k",
                    "delete from articles where id = ?::int"),
            new Statements(
                    "insert into payments select md5(k::text)::uuid, r / 8.0, 'open', repeat('n' || r, 1000), null"
                            + " from (select ?::bigint k, ?::int r) p",
                    "update payments set status = case when r % 2 = 0 then 'paid' else 'refunded' end::payment_status,"
                            + " paid_at = localtimestamp from (select ?::bigint k, ?::int r) p where id = md5(k::text)::uuid",
                    "delete from payments where id = md5(?::bigint::text)::uuid"));

    private final Connection connection;
    private final Random random = new Random(1);
    private final List<List<Long>> live = new ArrayList<>();
    private final List<List<Long>> gone = new ArrayList<>();
    private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    private long lastKey;

    /** A load on this connection, which is the load's alone. */
    ShopLoad(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        for (int table = 0; table < TABLES.size(); table++) {
            live.add(new ArrayList<>());
            gone.add(new ArrayList<>());
        }
    }

    /** Inserts so many rows, as fast as it can. */
    void fill(int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            insert(i % TABLES.size());
        }
        connection.commit();
        counts.clear();
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0);
        }
    }

    /** Does a transaction, and pauses. */
    void transaction() throws SQLException, InterruptedException {
        for (int left = random.nextInt(1, 9); left > 0; left--) {
            int table = random.nextInt(TABLES.size());
            int dice = random.nextInt(100);
            if (dice < 40 || live.get(table).isEmpty()) {
                insert(table);
            } else if (dice < 80) {
                change(Kind.UPDATE, table, pick(live.get(table), false));
            } else {
                long key = pick(live.get(table), true);
                gone.get(table).add(key);
                change(Kind.DELETE, table, key);
            }
        }
        if (random.nextInt(10) == 0) {
            changeKey();
        }
        connection.commit();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }

    /** How many changes of each kind there have been since it was filled. */
    Map<Kind, Integer> counts() {
        return counts;
    }

    /** How many changes there have been since it was filled. */
    int count() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void insert(int table) throws SQLException {
        List<Long> deleted = gone.get(table);
        long key = !deleted.isEmpty() && random.nextInt(5) == 0 ? pick(deleted, true) : ++lastKey;
        live.get(table).add(key);
        change(Kind.INSERT, table, key);
    }

    /** Of a payment: its table has a full identity, and only then does a message say what the key was before. */
    private void changeKey() throws SQLException {
        List<Long> payments = live.get(PAYMENTS);
        if (!payments.isEmpty()) {
            try (PreparedStatement update = connection.prepareStatement(
                    "update payments set id = md5(?::bigint::text)::uuid where id = md5(?::bigint::text)::uuid")) {
                update.setLong(1, ++lastKey);
                update.setLong(2, pick(payments, true));
                update.executeUpdate();
            }
            payments.add(lastKey);
            counts.merge(Kind.KEY, 1, Integer::sum);
        }
    }

    private long pick(List<Long> keys, boolean removes) {
        int index = random.nextInt(keys.size());
        long key = keys.get(index);
        if (removes) {
            keys.set(index, keys.get(keys.size() - 1));
            keys.remove(keys.size() - 1);
        }
        return key;
    }

    private void change(Kind kind, int table, long key) throws SQLException {
        Statements statements = TABLES.get(table);
        String sql = kind == Kind.INSERT
                ? statements.insert()
                : kind == Kind.UPDATE ? statements.update() : statements.delete();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, key);
            if (kind != Kind.DELETE) {
                statement.setInt(2, random.nextInt(1_000_000));
            }
            statement.executeUpdate();
        }
        counts.merge(kind, 1, Integer::sum);
    }
}
