package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.stream.SinkState;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import java.util.Random;

/** Faults that only the Stream API has: of the server's replication, of the sink, and of the source. */
final class StreamFaults {
    /** At most so many come again at once: more than are in flight, so that many were acked long ago. */
    private static final int REPLAYED = 3_000;
    /** In which part of the rows the function fails: every answer has some, and few are alone in being spared. */
    private static final int RAISING_OF = 50;

    private StreamFaults() {}

    static void replay(World world, Random random) throws Exception {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            world.stream().replay(1 + random.nextInt(REPLAYED));
            ProcessFaults.pause(random, 0, 2_000);
        }
    }

    static void exception(World world, Random random) throws Exception {
        ServerFaults.meet(world, random, StreamServer.exception());
    }

    static void pauseSink(World world, Random random) throws Exception {
        spend(world, random, SinkState.PAUSED);
    }

    /** As a client sees the start of a server: refused, two kinds of 500, and then all that was not acked, and more. */
    static void startServer(World world, Random random) throws Exception {
        world.stream().server().refuse();
        ProcessFaults.pause(random, 0, 2_000);
        world.stream().sink().state(SinkState.BOOTING);
        world.stream().server().resume();
        ProcessFaults.pause(random, 0, 1_000);
        spend(world, random, SinkState.NO_STORE);
        replay(world, random);
    }

    private static void spend(World world, Random random, SinkState state) throws Exception {
        world.stream().sink().state(state);
        try {
            ProcessFaults.pause(random, 500, 4_000);
        } finally {
            world.stream().sink().state(SinkState.ACTIVE);
        }
    }

    static void functionRaises(World world, Random random) throws Exception {
        int rest = random.nextInt(RAISING_OF);
        world.stream().sink().poison(message -> Math.floorMod(message.key().hashCode(), RAISING_OF) == rest);
        try {
            ProcessFaults.pause(random, 2_000, 6_000);
        } finally {
            world.stream().sink().poison(message -> false);
        }
    }

    static void restartSource(World world, Random random) throws Exception {
        if (random.nextBoolean()) {
            world.stream().database().crash();
        } else {
            world.stream().database().stop();
        }
        ProcessFaults.pause(random, 0, 2_000);
        world.stream().database().start();
    }
}
