package io.github.sequinroutes.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Faults of the tables: each but that of the dead letters concerns one collection. */
final class TableFaults {
    private static final String RENAME = "alter table %s rename column %s to %s";
    private static final String RETYPE = "alter table %s alter column %s type %s";
    /** After so many acks at the latest a process has written records of a collection, and knows that they are good. */
    private static final int ENOUGH_ACKED = 300;

    private static final int PATIENCE_SECONDS = 60;
    private static final int SETTLED_MILLIS = 3_000;

    private TableFaults() {}

    /** What happens to a collection. */
    @FunctionalInterface
    interface Concern {
        void happen(World world, Random random, Subject subject) throws Exception;
    }

    /** A fault of one collection: every other time nothing else fails meanwhile, to see whether it holds up others. */
    static FaultKind.Action ofOne(Concern concern) {
        return (world, random) -> {
            Subject subject = world.anySubject(random);
            if (random.nextBoolean()) {
                happen(concern, world, random, subject);
                return;
            }
            Lock alone = world.calm.writeLock();
            alone.lockInterruptibly();
            try {
                ProcessFaults.pause(random, SETTLED_MILLIS, SETTLED_MILLIS);
                world.flow.calm(true);
                happen(concern, world, random, subject);
            } finally {
                world.flow.calm(false);
                alone.unlock();
            }
        };
    }

    private static void happen(Concern concern, World world, Random random, Subject subject) throws Exception {
        world.flow.concern(subject);
        try {
            concern.happen(world, random, subject);
        } finally {
            world.flow.recover(subject);
        }
    }

    static void lock(World world, Random random, Subject subject) throws Exception {
        lock(world, random, subject, 1_000, 5_000);
    }

    static void lockForLong(World world, Random random, Subject subject) throws Exception {
        int lease = Math.toIntExact(world.sequin.ackWait().toMillis());
        lock(world, random, subject, lease + 1_000, lease + 5_000);
    }

    private static void lock(World world, Random random, Subject subject, int atLeast, int atMost) throws Exception {
        try (Connection connection = world.postgres.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // not against readers: the audit is one
            statement.execute("lock table " + subject.table() + " in exclusive mode");
            ProcessFaults.pause(random, atLeast, atMost);
            connection.rollback();
        } catch (SQLException e) {
            world.problem("the harness could not lock " + subject.table() + ": " + e.getMessage());
        }
    }

    static void renameColumn(World world, Random random, Subject subject) throws Exception {
        String column = random.nextBoolean() ? subject.text() : subject.number();
        world.execute(RENAME.formatted(subject.table(), column, "away"));
        ProcessFaults.pause(random, 2_000, 6_000);
        world.execute(RENAME.formatted(subject.table(), "away", column));
    }

    static void retypeColumn(World world, Random random, Subject subject) throws Exception {
        boolean isText = random.nextInt(3) == 0;
        String column = isText ? subject.text() : subject.number();
        // what is too large for one is too large for all
        String other = isText ? "varchar" : random.nextBoolean() ? "numeric(18)" : "integer";
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            world.execute(RETYPE.formatted(subject.table(), column, other));
            ProcessFaults.pause(random, 500, 3_000);
            world.execute(RETYPE.formatted(subject.table(), column, isText ? "text" : "bigint"));
            ProcessFaults.pause(random, 500, 1_000);
        }
    }

    static void close(World world, Random random, Subject subject) throws Exception {
        awaitWritten(world, subject);
        String alter = "alter table " + subject.table();
        world.execute(alter + " add constraint closed check (false) not valid");
        ProcessFaults.pause(random, 2_000, 6_000);
        world.execute(alter + " drop constraint closed");
    }

    /** A process that has written no record of a collection yet cannot know whether all would be refused, or this one. */
    private static void awaitWritten(World world, Subject subject) throws InterruptedException {
        int enough = world.flow.acked(subject) + ENOUGH_ACKED;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (world.flow.acked(subject) < enough) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "no records of " + subject.collection() + " were acked in " + PATIENCE_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    static void sleep(World world, Random random, Subject subject) throws Exception {
        world.sleepers.add(subject);
        ProcessFaults.pause(random, 4_000, 8_000);
    }

    static void renameDeadLetters(World world, Random random) throws Exception {
        world.execute("alter table sequin.dead_letters rename to away");
        ProcessFaults.pause(random, 2_000, 6_000);
        world.execute("alter table sequin.away rename to dead_letters");
    }
}
