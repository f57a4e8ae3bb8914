package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Changes the source: transactions of inserts, updates with and without the large value, deletes, rows that come back,
 * keys that change, poison; and backfills in between. It remembers nothing, for whether a transaction is committed is not
 * known when the source goes away: every statement does what the row allows.
 */
final class RowLoad {
    private static final String PUT = """
            insert into %s as t (id, title, amount, revision, body, whole) values (?, ?, ?::numeric, ?, ?, ?)
            on conflict (id) do update set title = excluded.title, amount = excluded.amount,
              revision = excluded.revision, body = excluded.body, whole = excluded.whole""";
    // only a row that the target has, with this value, may leave it out
    private static final String TOUCH = """
            update %s set title = ?, amount = ?::numeric, revision = ?,
              body = case when whole then body else ? end, whole = whole or ? where id = ?""";
    private static final String MOVE = """
            update %s set title = ?, amount = ?::numeric, revision = ?, id = ? where id = ?
              and not exists (select from %1$s where id = ?)""";
    private static final String DELETE = "delete from %s where id = ?";
    private static final String UNKNOWN = "insert into chaos.unknown (id) values (?)";

    private static final int LONGEST_TRANSACTION = 40;
    private static final int TRANSACTIONS_BETWEEN_BACKFILLS = 600;
    private static final int POISON_OF_1000 = 10;
    private static final int BODY_CHARACTERS = 2_500;
    private static final String PADDING = "the total is off by one, and nobody knows since when ".repeat(60);

    private final Options options;
    private final PostgresServer database;
    private final Queue<Subject> sleepers;
    private final Random random;
    private Connection connection;
    private long revision;

    RowLoad(Options options, PostgresServer database, Queue<Subject> sleepers) {
        this.options = options;
        this.database = database;
        this.sleepers = sleepers;
        random = new Random(options.seed());
    }

    /** Changes rows as long as there is need, and returns when all changes are offered. */
    void run(StreamSequin sequin, BooleanSupplier needed) throws InterruptedException {
        long next = System.nanoTime();
        for (int transaction = 1; needed.getAsBoolean(); transaction++) {
            int changes = 1 + random.nextInt(LONGEST_TRANSACTION);
            boolean backfill = transaction % TRANSACTIONS_BETWEEN_BACKFILLS == 0;
            RowSubject any = RowSubject.any(random);
            attempt(() -> change(changes));
            if (backfill) {
                attempt(() -> sequin.backfill(any));
            }
            next += TimeUnit.SECONDS.toNanos(1) * changes / options.perSecond();
            TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
            while (sequin.left() > options.backlog()) {
                TimeUnit.MILLISECONDS.sleep(10);
                next = System.nanoTime();
            }
        }
        while (!attempt(sequin::catchUp)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private interface Step {
        void take() throws SQLException, InterruptedException;
    }

    /** Tells whether it was done: the source may be away. */
    private boolean attempt(Step step) throws InterruptedException {
        try {
            step.take();
            return true;
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (!state.matches("(08|57|53|55).*")) {
                throw new IllegalStateException("The harness cannot change the source", e);
            }
            connection = null; // broken
            TimeUnit.MILLISECONDS.sleep(100);
            return false;
        }
    }

    private void change(int changes) throws SQLException {
        if (connection == null) {
            connection = database.connect();
            connection.setAutoCommit(false);
        }
        if (sleepers.poll() instanceof RowSubject drowsy) {
            put(drowsy, drowsy.name().charAt(0) + "-sleeper-" + ++revision, true);
        }
        for (int i = 0; i < changes; i++) {
            changeOne();
        }
        connection.commit();
    }

    private void changeOne() throws SQLException {
        if (random.nextInt(100) < options.unknown()) {
            execute(UNKNOWN, "unknown-" + ++revision);
            return;
        }
        RowSubject subject = RowSubject.any(random);
        int dice = random.nextInt(100);
        boolean good = random.nextInt(1000) >= POISON_OF_1000;
        if (dice < 35) {
            put(subject, key(subject), good);
        } else if (dice < 75 || (subject != RowSubject.MEMBER && dice < 85)) {
            List<Object> values = values(good);
            values.addAll(List.of(body(), good, key(subject)));
            execute(TOUCH.formatted(subject.table()), values.toArray());
        } else if (dice < 85) {
            String to = key(subject);
            List<Object> values = values(true);
            values.addAll(List.of(to, key(subject), to));
            execute(MOVE.formatted(subject.table()), values.toArray());
        } else {
            execute(DELETE.formatted(subject.table()), key(subject));
        }
    }

    /** Some keys are much busier than others. */
    private String key(RowSubject subject) {
        int keys = options.keys() / RowSubject.ALL.size();
        int key = (int) (keys * Math.pow(random.nextDouble(), random.nextInt(4) == 0 ? 4 : 1));
        return subject.name().charAt(0) + "-" + key;
    }

    private void put(RowSubject subject, String id, boolean good) throws SQLException {
        List<Object> values = values(good);
        values.add(0, id);
        values.addAll(List.of(body(), good));
        execute(PUT.formatted(subject.table()), values.toArray());
    }

    /** A title, an amount and a revision. */
    private List<Object> values(boolean good) {
        List<Object> values = new ArrayList<>(List.of("r" + ++revision + " \"ü\"", revision * 7 + "", revision));
        switch (good ? -1 : random.nextInt(3)) {
            case 0 -> values.set(0, null);
            case 1 -> values.set(1, "-1");
            case 2 -> values.set(1, "1" + "0".repeat(30));
            default -> {
                // good
            }
        }
        return values;
    }

    private String body() {
        return revision + PADDING.substring(0, BODY_CHARACTERS + random.nextInt(500));
    }

    private void execute(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
