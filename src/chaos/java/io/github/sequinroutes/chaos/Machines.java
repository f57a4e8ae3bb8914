package io.github.sequinroutes.chaos;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Troubles of the processes and the tables. */
final class Machines {
    private Machines() {}

    static void kill(World world, Random random) throws Exception {
        world.bundle.kill(world.bundle.any());
        pause(random, 0, 1_000);
        world.bundle.start();
    }

    static void terminate(World world, Random random) throws Exception {
        world.bundle.terminate(world.bundle.any());
        pause(random, 0, 1_000);
        world.bundle.start();
    }

    static void freeze(World world, Random random) throws Exception {
        freeze(world.bundle.any(), random);
    }

    static void secondProcess(World world, Random random) throws Exception {
        Process first = world.bundle.any();
        Process second = world.bundle.start();
        pause(random, 5_000, 10_000);
        freeze(first, random);
        pause(random, 1_000, 5_000);
        if (random.nextBoolean()) {
            world.bundle.kill(second);
        } else {
            world.bundle.terminate(second);
        }
    }

    static void restartPostgres(World world, Random random, boolean immediately) throws Exception {
        world.postgres.stop(immediately);
        pause(random, 0, 3_000);
        world.postgres.start();
    }

    static void lockTable(World world, Random random) throws Exception {
        String table = Subject.any(random).table;
        try (Connection connection = world.postgres.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // not against readers: the audit is one
            statement.execute("lock table " + table + " in exclusive mode");
            pause(random, 1_000, 5_000);
            connection.rollback();
        } catch (SQLException e) {
            world.problem("the harness could not lock " + table + ": " + e.getMessage());
        }
    }

    static void renameColumn(World world, Random random) throws Exception {
        Subject subject = Subject.any(random);
        String column = random.nextBoolean() ? subject.text : subject.number;
        String rename = "alter table %s rename column %s to %s";
        world.postgres.execute(rename.formatted(subject.table, column, "away"));
        pause(random, 2_000, 6_000);
        world.postgres.execute(rename.formatted(subject.table, "away", column));
    }

    static void renameDeadLetters(World world, Random random) throws Exception {
        world.postgres.execute("alter table sequin.dead_letters rename to away");
        pause(random, 2_000, 6_000);
        world.postgres.execute("alter table sequin.away rename to dead_letters");
    }

    private static void freeze(Process process, Random random) throws Exception {
        signal("STOP", process.pid());
        try {
            pause(random, 1_000, 6_000);
        } finally {
            signal("CONT", process.pid());
        }
    }

    /** Sends a signal that Java has no method for. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder(List.of("kill", "-" + name, Long.toString(pid)))
                .start()
                .waitFor();
    }

    static void pause(Random random, int atLeast, int atMost) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(atLeast + random.nextInt(atMost - atLeast + 1));
    }
}
