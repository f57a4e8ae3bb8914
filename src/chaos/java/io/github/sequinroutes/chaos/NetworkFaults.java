package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.time.Duration;
import java.util.Random;

/** Faults of a network. */
final class NetworkFaults {
    private NetworkFaults() {}

    static void cut(TcpProxy network, Random random) throws Exception {
        boolean refuse = random.nextInt(3) == 0;
        if (refuse) {
            network.refuse();
        }
        for (int times = 1 + random.nextInt(5); times > 0; times--) {
            network.cut();
            ProcessFaults.pause(random, 0, 800);
        }
        network.accept();
    }

    static void cutRequest(TcpProxy network, Random random, int bytes) throws Exception {
        cutAfter(network, random, Direction.TO_SERVER, bytes);
    }

    static void cutAnswer(TcpProxy network, Random random, int bytes) throws Exception {
        cutAfter(network, random, Direction.TO_CLIENT, bytes);
    }

    private static void cutAfter(TcpProxy network, Random random, Direction direction, int bytes) throws Exception {
        for (int times = 1 + random.nextInt(5); times > 0; times--) {
            network.cutAfter(random.nextInt(bytes), direction);
            ProcessFaults.pause(random, 300, 1_000);
        }
    }

    static void stall(TcpProxy network, Random random) throws Exception {
        network.stall(Direction.TO_CLIENT);
        ProcessFaults.pause(random, 100, 5_000);
        network.cut();
        network.resume();
    }

    static void slow(TcpProxy network, Random random, int millis) throws Exception {
        network.delay(Duration.ofMillis(1 + random.nextInt(millis)));
        ProcessFaults.pause(random, 1_000, 5_000);
        network.delay(Duration.ZERO);
    }
}
