package io.github.sequinroutes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.sequinroutes.testkit.Daemon;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** An HTTP server that sends whatever bytes a test wants, and keeps each request as it came. Thread-safe. */
public final class RawServer implements AutoCloseable {
    /** The answer to a receive when there is nothing. */
    public static final String NO_MESSAGES = json(200, "{\"data\": []}");

    /** The answer to an ack or a nack. */
    public static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

    /** A request: its line, its headers by name in lower case, its body, and the number of its connection. */
    public record Request(String line, Map<String, String> headers, String body, int connection) {
        /** The last part of the path: next, ack or nack. */
        public String kind() {
            return line.replaceFirst("^\\S+ [^? ]*/([^/? ]*)[? ].*", "$1");
        }
    }

    /** Says what is sent for a request: status line, headers and body, and whatever comes after them. */
    public interface Script {
        String answer(Request request);
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Script script;
    private final Duration pause;

    /** Starts a server on a loopback port that is free. */
    public RawServer(Script script) throws IOException {
        this(script, Duration.ZERO);
    }

    /** The same; before each byte that it sends there is a pause, so that it is never silent for long. */
    public RawServer(Script script, Duration pause) throws IOException {
        this.script = script;
        this.pause = pause;
        Daemon.start("raw-server", this::accept);
    }

    /** After so many requests it is slower: with a message for each it would keep a processor busy for as long as a test waits. */
    private static final int QUICK = 100;

    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** An answer in JSON, with the right headers and more. */
    public static String json(int status, String body, String... headers) {
        return "HTTP/1.1 %d Whatever\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s"
                .formatted(
                        status,
                        body.length(),
                        List.of(headers).stream().map(header -> header + "\r\n").collect(Collectors.joining()),
                        body);
    }

    /** An answer with one record. */
    public static String message(String token, String record) {
        return json(200, "{\"data\": [{\"ack_token\": \"%s\", \"record\": %s}]}".formatted(token, record));
    }

    /** The base URL. */
    public String url() {
        return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    /** The requests of a kind that have arrived whole, in the order of arrival. */
    public List<Request> requests(String kind) {
        return requests.stream().filter(request -> request.kind().equals(kind)).toList();
    }

    /** How many connections have been made. */
    public int connections() {
        return connections.size();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            connections.add(socket);
            int number = connections.size();
            Daemon.start("raw-server", () -> serve(socket, number));
        }
    }

    private void serve(Socket socket, int number) throws IOException {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Request request = read(in, number);
                requests.add(request);
                if (requests.size() > QUICK) {
                    LockSupport.parkNanos(SLOW_NANOS);
                }
                send(script.answer(request).getBytes(ISO_8859_1), socket.getOutputStream());
            }
        }
    }

    private void send(byte[] answer, OutputStream out) throws IOException {
        if (pause.isZero()) {
            out.write(answer);
            return;
        }
        for (byte one : answer) {
            LockSupport.parkNanos(pause.toNanos());
            out.write(one);
        }
    }

    private static Request read(InputStream in, int connection) throws IOException {
        String line = line(in);
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String[] pair = header.split(": *", 2);
            headers.merge(pair[0].toLowerCase(Locale.ROOT), pair[1], (one, other) -> one + "\n" + other);
        }
        String body = headers.containsKey("transfer-encoding")
                ? chunks(in)
                : text(in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))));
        return new Request(line, headers, body, connection);
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int size = -1; size != 0; line(in)) {
            size = Integer.parseInt(line(in), 16);
            body.append(text(in.readNBytes(size)));
        }
        return body.toString();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        return text(line.toByteArray()).stripTrailing();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }
}
