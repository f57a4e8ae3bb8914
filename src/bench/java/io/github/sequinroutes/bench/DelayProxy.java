package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.EchoServer;
import io.github.sequinroutes.testkit.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;

/**
 * How much a proxy is to delay, each way, for a round trip to take that long; and how long it then took, by a ping. The
 * proxy itself takes time, and so do the timers of the operating system: both are taken off.
 */
record DelayProxy(Duration oneWay, Duration roundTrip) {
    private static final int PINGS = 301;

    /** The one for a round trip; zero is the proxy alone, which takes what it takes. */
    static DelayProxy of(Duration wanted) throws IOException {
        try (EchoServer echo = new EchoServer();
                TcpProxy proxy = echo.proxy();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            socket.setTcpNoDelay(true);
            Duration oneWay = Duration.ZERO;
            ping(proxy, socket, oneWay); // the first are slow
            Duration taken = ping(proxy, socket, oneWay);
            // at first what the proxy takes, then what the timers are late
            for (int correction = 0; correction < 2 && !wanted.isZero(); correction++) {
                Duration corrected = oneWay.plus(wanted.minus(taken).dividedBy(2));
                oneWay = corrected.isNegative() ? Duration.ZERO : corrected;
                taken = ping(proxy, socket, oneWay);
            }
            return new DelayProxy(oneWay, taken);
        }
    }

    /** The median time of a ping. */
    private static Duration ping(TcpProxy proxy, Socket socket, Duration oneWay) throws IOException {
        proxy.delay(oneWay);
        long[] nanos = new long[PINGS];
        for (int i = 0; i < PINGS; i++) {
            long begin = System.nanoTime();
            socket.getOutputStream().write('x');
            socket.getInputStream().read();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[PINGS / 2]);
    }
}
