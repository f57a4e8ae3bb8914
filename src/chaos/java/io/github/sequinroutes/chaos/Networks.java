package io.github.sequinroutes.chaos;

import io.github.sequinroutes.sandbox.TcpProxy;
import io.github.sequinroutes.sandbox.TcpProxy.Direction;
import java.time.Duration;
import java.util.Random;

/** Troubles of a network. */
final class Networks {
    private Networks() {}

    static void cut(TcpProxy network, Random random) throws Exception {
        boolean refuse = random.nextInt(3) == 0;
        if (refuse) {
            network.refuse();
        }
        for (int times = 1 + random.nextInt(5); times > 0; times--) {
            network.cut();
            Machines.pause(random, 0, 800);
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
            Machines.pause(random, 300, 1_000);
        }
    }

    static void stall(TcpProxy network, Random random) throws Exception {
        network.stall(Direction.TO_CLIENT);
        Machines.pause(random, 100, 5_000);
        network.cut();
        network.resume();
    }

    static void slow(TcpProxy network, Random random, int millis) throws Exception {
        network.delay(Duration.ofMillis(1 + random.nextInt(millis)));
        Machines.pause(random, 1_000, 5_000);
        network.delay(Duration.ZERO);
    }
}
