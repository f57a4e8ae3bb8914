package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A connection through a proxy: two sockets, and two threads for each direction. */
final class TcpLink {
    private static final int CHUNK = 16 * 1024;
    // bounds what a delay or a stall holds back, as the network's own buffers would
    private static final int CHUNKS = 1024;

    private static final class Chunk {
        final byte[] bytes;
        final long due;

        Chunk(byte[] bytes, long due) {
            this.bytes = bytes;
            this.due = due;
        }
    }

    private final Socket client;
    private final Socket server;
    private final Consumer<TcpLink> onClose;
    private final AtomicInteger open = new AtomicInteger(2);
    private final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();

    TcpLink(Socket client, Socket server, Consumer<TcpLink> onClose) {
        this.client = client;
        this.server = server;
        this.onClose = onClose;
    }

    /** A daemon, to be started. */
    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Forwards what one socket receives to the other. */
    void forward(Socket from, Socket to, TcpFlow flow) throws IOException {
        to.setTcpNoDelay(true);
        BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>(CHUNKS);
        start("tcp-proxy read", () -> read(from.getInputStream(), chunks, flow));
        start("tcp-proxy write", () -> write(to, chunks, flow));
    }

    /** Closes both sockets the hard way: the peers see a reset, not the end of a stream. */
    void reset() {
        for (Socket socket : new Socket[] {client, server}) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // closed already
            }
        }
        threads.forEach(Thread::interrupt);
        onClose.accept(this);
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Step step) {
        Thread thread = daemon(name, () -> {
            try {
                step.run();
            } catch (IOException e) {
                // what one side suffers, the other side is to notice
                reset();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        // before it runs: a reset either interrupts it, or it finds its socket closed
        threads.add(thread);
        thread.start();
    }

    private static void read(InputStream in, BlockingQueue<Chunk> chunks, TcpFlow flow)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[CHUNK];
        int length;
        do {
            length = in.read(buffer);
            // an empty chunk stands for the end of the stream
            chunks.put(new Chunk(Arrays.copyOf(buffer, Math.max(length, 0)), flow.due()));
        } while (length >= 0);
    }

    private void write(Socket to, BlockingQueue<Chunk> chunks, TcpFlow flow) throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        Chunk chunk = chunks.take();
        while (chunk.bytes.length > 0) {
            await(chunk.due);
            int allowed = flow.pass(chunk.bytes.length);
            out.write(chunk.bytes, 0, allowed);
            if (allowed < chunk.bytes.length) {
                throw new IOException("cut by the proxy");
            }
            chunk = chunks.take();
        }
        await(chunk.due);
        flow.pass(0);
        to.shutdownOutput();
        if (open.decrementAndGet() == 0) {
            client.close();
            server.close();
            onClose.accept(this);
        }
    }

    /** Not a sleep: that rounds up to whole milliseconds, and a delay may be shorter. */
    private static void await(long due) throws InterruptedException {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
