package io.github.sequinroutes.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.sequinroutes.testkit.Daemon;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Hands connections on to a server: as one that speaks TLS for it, or as a proxy that makes tunnels. Thread-safe. */
final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final int target;
    private final String authorization;
    private volatile SSLContext tls;

    private Relay(int target, SSLContext tls, String authorization) throws IOException {
        this.target = target;
        this.tls = tls;
        this.authorization = authorization;
        Daemon.start("relay", this::accept);
    }

    /** Speaks TLS for the server on a local port. */
    static Relay tls(int target, SSLContext context) throws IOException {
        return new Relay(target, context, null);
    }

    /** A proxy that lets those with this authorization through to a local port, whatever host they name. */
    static Relay proxy(int target, String authorization) throws IOException {
        return new Relay(target, null, authorization);
    }

    int port() {
        return server.getLocalPort();
    }

    /** What the proxy was told, a text for each connection. */
    List<String> heads() {
        return heads;
    }

    /** From now on it shows another certificate; all connections are closed. */
    void show(SSLContext context) throws IOException {
        tls = context;
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            connections.add(client);
            Daemon.start("relay", () -> serve(client));
        }
    }

    private void serve(Socket plain) throws IOException {
        try (plain;
                Socket client = tls == null ? plain : encrypted(plain);
                Socket other = new Socket(InetAddress.getLoopbackAddress(), target)) {
            if (tls == null && !opens(client)) {
                return;
            }
            Daemon.start("relay", () -> pump(other, client));
            pump(client, other);
        } finally {
            connections.remove(plain);
        }
    }

    private Socket encrypted(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true);
        socket.startHandshake();
        return socket;
    }

    /** Reads what a client wants of a proxy, and whether it may have it; as long as it does not say who asks, it is asked. */
    private boolean opens(Socket client) throws IOException {
        while (true) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return false;
            }
            heads.add(head);
            boolean isKnown = head.contains("\r\nProxy-Authorization: " + authorization + "\r\n");
            String answer = isKnown
                    ? "HTTP/1.1 200 OK\r\n\r\n"
                    : "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
            client.getOutputStream().write(answer.getBytes(ISO_8859_1));
            if (isKnown) {
                return true;
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void pump(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
