package io.github.sequinroutes.sandbox.http;

import com.sun.net.httpserver.HttpExchange;
import io.github.sequinroutes.sandbox.Fault;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Serves HTTP on a loopback port, each connection in a thread of its own, until one side closes it. Unlike the JDK's
 * server it can write more than a response, refuse connections, and reset them. Thread-safe.
 */
public final class HttpListener implements AutoCloseable {
    /** The attribute of an exchange with characters to be written after the response, before the connection is closed. */
    public static final String AFTERWARDS = "afterwards";

    /** Responds to a request. */
    @FunctionalInterface
    public interface Handler {
        /** Responds; an exception has the connection closed at once. */
        void handle(HttpExchange exchange, byte[] body) throws IOException, InterruptedException;
    }

    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "http-listener");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;
    private volatile ServerSocket server;

    /** Starts on a loopback port, 0 for any that is free. */
    public HttpListener(int port, Handler handler) throws IOException {
        this.handler = handler;
        server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.port = server.getLocalPort();
        accept(server);
    }

    /** The base URL. */
    public String url() {
        return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port;
    }

    /** Closes all connections and refuses new ones. */
    public synchronized void refuse() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** Takes connections again, on the same port. */
    public synchronized void resume() throws IOException {
        if (server.isClosed()) {
            server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            accept(server);
        }
    }

    @Override
    public void close() throws IOException {
        refuse();
        threads.shutdownNow();
    }

    private void accept(ServerSocket from) {
        threads.execute(() -> {
            while (!from.isClosed()) {
                try {
                    Socket connection = from.accept();
                    connections.add(connection);
                    if (from.isClosed()) {
                        connection.close();
                    }
                    threads.execute(() -> serve(connection));
                } catch (IOException | RejectedExecutionException e) {
                    // closed, or a client that left at once
                }
            }
        });
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = new BufferedOutputStream(connection.getOutputStream());
            boolean goesOn = true;
            while (goesOn) {
                RequestHead head = RequestHead.read(in);
                goesOn = head != null && respond(connection, head, head.readBody(in), out);
            }
        } catch (IOException e) {
            // the client left, or a fault closes the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(connection);
        }
    }

    /** Whether another request may come on the connection. */
    private boolean respond(Socket connection, RequestHead head, byte[] body, OutputStream out)
            throws IOException, InterruptedException {
        SocketExchange exchange = new SocketExchange(connection, head, body, out);
        try {
            handler.handle(exchange, body);
        } catch (IOException e) {
            if (exchange.getAttribute(Fault.RESET) != null) {
                connection.setSoLinger(true, 0);
            } else {
                out.flush(); // of a response that is cut short, what there is
            }
            throw e;
        }
        String afterwards = (String) exchange.getAttribute(AFTERWARDS);
        if (afterwards != null) {
            exchange.append(afterwards);
            return false;
        }
        exchange.finish();
        return !exchange.closesConnection();
    }
}
