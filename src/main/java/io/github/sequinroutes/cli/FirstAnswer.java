package io.github.sequinroutes.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the process for its own health, once, as a stranger would: the first answer of a server of HTTP has some hundred
 * classes to load, and whoever probes waits a second at most. It does no harm if it fails.
 */
final class FirstAnswer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAnswer.class);
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String host;
    private final int port;
    private final String path;

    private FirstAnswer(String host, int port, String path) {
        this.host = host;
        this.port = port;
        this.path = path;
    }

    /** Asks at this address, in the background: the start does not wait for it. Without effect if any port will do. */
    static void ask(String host, int port, String path) {
        if (port > 0) {
            Thread thread = new Thread(new FirstAnswer(host, port, path), "first-answer");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void run() {
        try (Socket socket = new Socket()) {
            InetAddress bound = InetAddress.getByName(host);
            InetAddress address = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
            socket.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            int count = socket.getInputStream().readAllBytes().length;
            LOG.debug("The first answer of the port has {} bytes", count);
        } catch (IOException e) {
            LOG.debug("The port gives no first answer", e);
        }
    }
}
