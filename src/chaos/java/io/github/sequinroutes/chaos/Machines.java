package io.github.sequinroutes.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Troubles of the processes and the database server. */
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
