package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;

/**
 * How much a proxy is to delay, each way, for a round trip to take so long; and how long it then took, by a ping. The
 * proxy itself takes time, and so do the timers of the operating system: both are taken off.
 */
record Detour(Duration oneWay, Duration roundTrip) {
    private static final int PINGS = 301;

    /** The one for a round trip; zero is the proxy alone, which takes what it takes. */
    static Detour of(Duration wanted) throws IOException {
        try (ServerSocket echo = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                TcpProxy proxy = new TcpProxy(echo.getInetAddress().getHostAddress(), echo.getLocalPort());
                Socket socket = new Socket(echo.getInetAddress(), proxy.port())) {
            socket.setTcpNoDelay(true);
            Thread thread = new Thread(() -> echo(echo), "echo");
            thread.setDaemon(true);
            thread.start();
            Duration oneWay = Duration.ZERO;
            ping(proxy, socket, oneWay); // the first are slow
            Duration taken = ping(proxy, socket, oneWay);
            // at first what the proxy takes, then what the timers are late
            for (int correction = 0; correction < 2 && !wanted.isZero(); correction++) {
                Duration corrected = oneWay.plus(wanted.minus(taken).dividedBy(2));
                oneWay = corrected.isNegative() ? Duration.ZERO : corrected;
                taken = ping(proxy, socket, oneWay);
            }
            return new Detour(oneWay, taken);
        }
    }

    /** What a ping takes in the middle. */
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

    private static void echo(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the proxy resets its connections as it ends
        }
    }

    /** In milliseconds, as measured. */
    String millis() {
        return "%.2f".formatted(roundTrip.toNanos() / 1e6);
    }
}
