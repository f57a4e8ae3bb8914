package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.JavaProcess;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Faults of the processes and the database server. */
final class ProcessFaults {
    private ProcessFaults() {}

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
        JavaProcess first = world.bundle.any();
        JavaProcess second = world.bundle.start();
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
        if (immediately) {
            world.postgres.crash();
        } else {
            world.postgres.stop();
        }
        pause(random, 0, 3_000);
        world.postgres.start();
    }

    private static void freeze(JavaProcess process, Random random) throws Exception {
        JavaProcess.signal("STOP", process.pid());
        try {
            pause(random, 1_000, 6_000);
        } finally {
            JavaProcess.signal("CONT", process.pid());
        }
    }

    static void pause(Random random, int atLeast, int atMost) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(atLeast + random.nextInt(atMost - atLeast + 1));
    }
}
