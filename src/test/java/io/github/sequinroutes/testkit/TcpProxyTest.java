package io.github.sequinroutes.testkit;

import static io.github.sequinroutes.testkit.TcpProxy.Direction.TO_CLIENT;
import static io.github.sequinroutes.testkit.TcpProxy.Direction.TO_SERVER;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int PATIENCE_MILLIS = 30_000;

    private final EchoServer echo = new EchoServer();
    private final TcpProxy proxy = echo.proxy();

    TcpProxyTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void ping(Socket socket) throws IOException {
        socket.getOutputStream().write('x');
        assertEquals('x', socket.getInputStream().read());
    }

    @Test
    void forwardsEveryByteAndTheEnd() throws Exception {
        byte[] sent = new byte[5_000_000];
        new Random(1).nextBytes(sent);
        try (Socket socket = connect()) {
            Daemon.start("test", () -> {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
            });
            assertArrayEquals(sent, socket.getInputStream().readAllBytes());
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void cutsConnectionsAndAcceptsNewOnes() throws Exception {
        try (Socket first = connect();
                Socket second = connect()) {
            ping(first);
            ping(second);
            assertEquals(2, proxy.connections());
            proxy.cut();
            assertThrows(SocketException.class, () -> first.getInputStream().read());
            assertThrows(SocketException.class, () -> second.getInputStream().read());
            assertEquals(0, proxy.connections());
        }
        try (Socket third = connect()) {
            ping(third);
        }
    }

    @Test
    void refusesAndAcceptsAgain() throws Exception {
        int port = proxy.port();
        try (Socket socket = connect()) {
            ping(socket);
            proxy.refuse();
            assertThrows(ConnectException.class, this::connect);
            ping(socket);
        }
        proxy.accept();
        try (Socket socket = connect()) {
            ping(socket);
        }
        assertEquals(port, proxy.port());
    }

    @Test
    void resetsWhenTheServerIsAway() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (Socket deaf = new Socket()) {
            deaf.bind(new InetSocketAddress(loopback, 0));
            try (TcpProxy toNobody = new TcpProxy(loopback.getHostAddress(), deaf.getLocalPort());
                    Socket socket = new Socket(loopback, toNobody.port())) {
                assertThrows(
                        SocketException.class, () -> socket.getInputStream().read());
            }
        }
    }

    @Test
    void stallsAndResumes() throws Exception {
        try (Socket socket = connect()) {
            ping(socket);
            proxy.stall(TO_CLIENT);
            socket.getOutputStream().write('y');
            socket.setSoTimeout(100);
            assertThrows(
                    SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(PATIENCE_MILLIS);
            proxy.resume();
            assertEquals('y', socket.getInputStream().read());

            proxy.stall();
            proxy.cut();
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
    }

    @Test
    void delaysWithoutLessThroughput() throws Exception {
        try (Socket socket = connect()) {
            proxy.delay(Duration.ofMillis(150), TO_SERVER);
            proxy.delay(Duration.ofMillis(50), TO_CLIENT);
            byte[] sent = new byte[2_000_000];
            Daemon.start("test", () -> socket.getOutputStream().write(sent));
            long begin = System.nanoTime();
            socket.getInputStream().readNBytes(sent.length);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            // one after the other, its 122 chunks would take 24 s
            assertTrue(millis >= 199 && millis < 10_000, millis + " ms");

            proxy.delay(Duration.ZERO);
            ping(socket);
        }
    }

    @Test
    void cutsAfterSoManyBytesToTheClient() throws Exception {
        try (Socket socket = connect()) {
            proxy.cutAfter(3, TO_CLIENT);
            socket.getOutputStream().write(new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {1, 2, 3}, socket.getInputStream().readNBytes(3));
            socket.getOutputStream().write(4);
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
        try (Socket socket = connect()) {
            ping(socket);
        }
    }

    @Test
    void cutsAfterSoManyBytesToTheServer() throws Exception {
        try (Socket socket = connect()) {
            proxy.cutAfter(1, TO_SERVER);
            ping(socket);
            socket.getOutputStream().write('y');
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
        }
    }

    @Test
    void closesCleanly() throws Exception {
        try (Socket socket = connect()) {
            ping(socket);
            proxy.close();
            assertThrows(SocketException.class, () -> socket.getInputStream().read());
            assertThrows(ConnectException.class, this::connect);
        }
    }
}
