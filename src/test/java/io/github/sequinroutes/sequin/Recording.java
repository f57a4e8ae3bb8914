package io.github.sequinroutes.sequin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An HTTP exchange with the real server, from a file of src/test/resources/stream-recordings. */
public final class Recording {
    private static final Path FOLDER = Path.of("src/test/resources/stream-recordings");
    private static final Pattern REQUEST = Pattern.compile("(?m)^(GET|POST|PUT|PATCH|DELETE) (\\S+) HTTP/1\\.1\\R");
    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.1 (\\d{3}) .*\\R");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z-]+): (.*)\\R");

    private final String path;
    private final String requestBody;
    private final int status;
    private final String head;
    private final String body;
    private final String after;

    private Recording(String path, String requestBody, int status, String head, String body, String after) {
        this.path = path;
        this.requestBody = requestBody;
        this.status = status;
        this.head = head;
        this.body = body;
        this.after = after;
    }

    /** Those of a file, in order. */
    public static List<Recording> of(String file) throws IOException {
        // a byte a character, since lengths are in bytes
        String text = Files.readString(FOLDER.resolve(file), StandardCharsets.ISO_8859_1);
        List<Recording> exchanges = new ArrayList<>();
        Matcher request = REQUEST.matcher(text);
        Matcher response = STATUS.matcher(text);
        for (int at = 0; request.find(at); at = Math.max(at, request.end())) {
            String path = request.group(2);
            Map<String, String> asked = new TreeMap<>();
            int bodyStart = headers(text, request.end(), asked);
            int bodyEnd = bodyStart + Integer.parseInt(asked.getOrDefault("content-length", "0"));
            at = bodyEnd;
            if (!response.find(bodyEnd) || nextRequest(text, bodyEnd) < response.start()) {
                continue; // it was not answered
            }
            Map<String, String> answered = new TreeMap<>();
            int start = headers(text, response.end(), answered);
            int end = Math.min(text.length(), start + Integer.parseInt(answered.getOrDefault("content-length", "0")));
            int next = nextRequest(text, end);
            int note = text.indexOf("\n#", end);
            exchanges.add(new Recording(
                    path,
                    utf8(text.substring(bodyStart, bodyEnd)),
                    Integer.parseInt(response.group(1)),
                    text.substring(response.start(), start).replaceAll("\\R", "\r\n"),
                    utf8(text.substring(start, end)),
                    text.substring(end, note < 0 ? next : Math.min(next, note)).strip()));
            at = end;
        }
        return exchanges;
    }

    /** The names of all files. */
    public static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".http"))
                    .sorted()
                    .toList();
        }
    }

    private static int nextRequest(String text, int from) {
        Matcher next = REQUEST.matcher(text);
        return next.find(from) ? next.start() : text.length();
    }

    /** Reads headers, and returns where the body begins. */
    private static int headers(String text, int from, Map<String, String> headers) {
        Matcher header = HEADER.matcher(text);
        int at = from;
        while (header.find(at) && header.start() == at) {
            headers.put(header.group(1).toLowerCase(Locale.ROOT), header.group(2));
            at = header.end();
        }
        return text.indexOf('\n', at) + 1;
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The path of the request. */
    public String path() {
        return path;
    }

    /** Whether messages were asked for. */
    public boolean isReceive() {
        return path.contains("/receive");
    }

    /** The body of the request. */
    public String requestBody() {
        return requestBody;
    }

    /** The status of the response. */
    public int status() {
        return status;
    }

    /** The body of the response. */
    public String body() {
        return body;
    }

    /** What came on the connection after the response. */
    public String after() {
        return after;
    }

    /** The response as it was on the wire, with what came after it. */
    public byte[] wire() {
        return (head + body + after + (after.isEmpty() ? "" : "\r\n\r\n")).getBytes(StandardCharsets.UTF_8);
    }
}
