package io.github.sequinroutes.sandbox.http;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/**
 * The first line of a request, and its headers.
 *
 * @param method its method
 * @param uri what it asks for
 * @param headers its headers
 */
record RequestHead(String method, URI uri, Headers headers) {
    private static final int MAX_LINE = 100_000;

    /** Reads one; null if the connection ends before it. */
    static RequestHead read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        int method = line.indexOf(' ');
        int target = line.indexOf(' ', method + 1);
        if (method < 0 || target < 0) {
            throw new IOException("This is no request of HTTP: " + line);
        }
        Headers headers = new Headers();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.add(
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
            }
        }
        try {
            return new RequestHead(line.substring(0, method), new URI(line.substring(method + 1, target)), headers);
        } catch (URISyntaxException e) {
            throw new IOException("This is no request of HTTP: " + line, e);
        }
    }

    /** Reads the body that the headers announce, with a length or in chunks. */
    byte[] readBody(InputStream in) throws IOException {
        String coding = headers.getFirst("Transfer-Encoding");
        if (coding == null) {
            String length = headers.getFirst("Content-Length");
            return exactly(in, length == null ? 0 : Integer.parseInt(length));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            String line = line(in);
            if (line == null) {
                throw new EOFException("The request ends in its body");
            }
            size = Integer.parseInt(line.strip(), 16);
            body.writeBytes(exactly(in, size));
            line(in);
        } while (size > 0);
        return body.toByteArray();
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("The request ends in its body");
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.size() > MAX_LINE) {
                throw new IOException("A line of the request is too long");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
