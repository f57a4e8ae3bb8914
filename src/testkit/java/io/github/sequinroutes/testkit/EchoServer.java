package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server on a free loopback port that sends back each byte it receives. */
public final class EchoServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    /** Starts it. */
    public EchoServer() throws IOException {
        Daemon.start("echo accept", () -> {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Daemon.start("echo", () -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    }
                });
            }
        });
    }

    /** A proxy in front of it. */
    public TcpProxy proxy() throws IOException {
        return new TcpProxy(server.getInetAddress().getHostAddress(), server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
