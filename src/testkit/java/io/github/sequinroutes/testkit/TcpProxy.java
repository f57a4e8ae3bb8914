package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A network that can fail: a TCP proxy on a free loopback port, in front of a server. Its threads are daemons. */
public final class TcpProxy implements AutoCloseable {
    /** Which way bytes go. */
    public enum Direction {
        /** From the client to the server. */
        TO_SERVER,
        /** From the server to the client. */
        TO_CLIENT
    }

    private static final int BACKLOG = 128;

    private final InetSocketAddress target;
    private final InetSocketAddress address;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicBoolean isAnswered = new AtomicBoolean(true);
    private final TcpFlow toServer = new TcpFlow(this::asked);
    private final TcpFlow toClient = new TcpFlow(() -> isAnswered.set(true));
    private final Set<TcpLink> links = ConcurrentHashMap.newKeySet();
    private ServerSocket listener = new ServerSocket();
    private Thread acceptor;
    private Socket placeholder;

    /** Starts a proxy in front of a server. */
    public TcpProxy(String host, int port) throws IOException {
        target = new InetSocketAddress(host, port);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        address = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
        listen();
    }

    /** The port. */
    public int port() {
        return address.getPort();
    }

    /** The host and the port, as a URL has them. */
    public String authority() {
        return address.getHostString() + ":" + port();
    }

    /** How many connections are open. */
    public int connections() {
        return links.size();
    }

    private void asked() {
        if (isAnswered.getAndSet(false)) {
            requests.incrementAndGet();
        }
    }

    /** How often the client has sent something since the server did: with one connection that is the number of round trips. */
    public int roundTrips() {
        return requests.get();
    }

    /** Resets all connections; new ones are welcome, unless refused. */
    public void cut() {
        links.forEach(TcpLink::reset);
    }

    /** Refuses new connections, as if nothing listened; those that are open stay. */
    public synchronized void refuse() throws IOException {
        if (placeholder == null) {
            stopListening();
            // bound but not listening: refuses, and keeps the port, also from a client that would connect to itself
            placeholder = new Socket();
            placeholder.setReuseAddress(true);
            bindAgain(() -> placeholder.bind(address));
        }
    }

    /** Accepts connections again. */
    public synchronized void accept() throws IOException {
        if (placeholder != null) {
            placeholder.close();
            placeholder = null;
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            bindAgain(() -> listener.bind(address, BACKLOG));
            listen();
        }
    }

    private interface Binding {
        void bind() throws IOException;
    }

    /** For a moment the port may still count as taken: by what had it before, or as the origin of a connection. */
    private static void bindAgain(Binding binding) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                binding.bind();
                return;
            } catch (BindException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** Stops forwarding in these directions, in both if none is given, and keeps the connections open. */
    public void stall(Direction... directions) {
        flows(directions).forEach(TcpFlow::stall);
    }

    /** Forwards again what has been held back. */
    public void resume(Direction... directions) {
        flows(directions).forEach(TcpFlow::resume);
    }

    /** Makes each byte in these directions, in both if none is given, arrive that much later; zero ends it. */
    public void delay(Duration delay, Direction... directions) {
        flows(directions).forEach(flow -> flow.delay(delay));
    }

    /**
     * Lets that many more bytes pass in a direction, of all connections taken together, and resets the connection that
     * sends more; once.
     */
    public void cutAfter(long bytes, Direction direction) {
        flow(direction).cutAfter(bytes);
    }

    /** Resets all connections and accepts no more. */
    @Override
    public synchronized void close() throws IOException {
        stopListening();
        if (placeholder != null) {
            placeholder.close();
        }
        cut();
    }

    private TcpFlow flow(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toClient;
    }

    private List<TcpFlow> flows(Direction... directions) {
        return directions.length == 0
                ? List.of(toServer, toClient)
                : List.of(directions).stream().map(this::flow).toList();
    }

    private void listen() {
        ServerSocket current = listener;
        acceptor = TcpLink.daemon("tcp-proxy accept", () -> {
            try {
                while (true) {
                    connect(current.accept());
                }
            } catch (IOException e) {
                if (!current.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        acceptor.start();
    }

    private void stopListening() throws IOException {
        listener.close();
        try {
            // until its thread has left it, the operating system keeps the socket listening
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        TcpLink link = new TcpLink(client, server, links::remove);
        links.add(link);
        try {
            server.connect(target);
            link.forward(client, server, toServer);
            link.forward(server, client, toClient);
        } catch (IOException e) {
            // nobody there, or cut in the meantime
            link.reset();
        }
    }
}
