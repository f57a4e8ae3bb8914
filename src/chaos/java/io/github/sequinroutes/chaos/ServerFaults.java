package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Faults of the Sequin server. */
final class ServerFaults {
    private static final int PATIENCE_SECONDS = 60;

    private ServerFaults() {}

    static void tooManyRequests(World world, Random random) throws Exception {
        Fault plain = Fault.status(429, "");
        Fault later = Fault.status(429, "{\"summary\":\"slow down\"}", "Retry-After", "1");
        meet(world, random, random.nextBoolean() ? plain : later);
    }

    static void internalError(World world, Random random) throws Exception {
        meet(world, random, maybeAfterTheEffect(random, Fault.status(500, "{\"summary\":\"oops\"}")));
    }

    static void badGateway(World world, Random random) throws Exception {
        String page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
        meet(world, random, maybeAfterTheEffect(random, Fault.status(502, page, "Content-Type", "text/html")));
    }

    static void truncated(World world, Random random) throws Exception {
        Fault fault =
                switch (random.nextInt(3)) {
                    case 0 -> Fault.cutShort();
                    case 1 -> Fault.cutShortInChunks();
                    default -> Fault.halfTheBody();
                };
        meet(world, random, fault, RequestKind.NEXT);
    }

    static void empty(World world, Random random) throws Exception {
        String body = random.nextBoolean() ? "" : "{\"data\":[]}";
        meet(world, random, maybeAfterTheEffect(random, Fault.status(200, body)), RequestKind.NEXT);
    }

    static void ackLost(World world, Random random) throws Exception {
        Fault fault = random.nextBoolean() ? Fault.close() : Fault.status(500, "");
        meet(world, random, fault.afterTheEffect(), RequestKind.ACK, RequestKind.NACK);
    }

    static void ackUnanswered(World world, Random random) throws Exception {
        meet(world, random, maybeAfterTheEffect(random, Fault.silence()), RequestKind.ACK, RequestKind.NACK);
    }

    static void restart(World world, Random random) throws Exception {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            world.sequin.restart();
            ProcessFaults.pause(random, 0, 1_000);
        }
    }

    private static Fault maybeAfterTheEffect(Random random, Fault fault) {
        return random.nextBoolean() ? fault : fault.afterTheEffect();
    }

    /** A few requests meet the fault, one at least before this returns. */
    static void meet(World world, Random random, Fault fault, RequestKind... kinds) throws Exception {
        CountDownLatch met = new CountDownLatch(1);
        Fault counted = (exchange, request) -> {
            met.countDown();
            fault.respond(exchange, request);
        };
        world.sequin.faults().next(1 + random.nextInt(4), counted, kinds);
        if (!met.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no request has come in " + PATIENCE_SECONDS + " s");
        }
    }
}
