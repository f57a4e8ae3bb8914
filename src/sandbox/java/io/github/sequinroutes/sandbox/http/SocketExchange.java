package io.github.sequinroutes.sandbox.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An exchange on a socket, such as the JDK's server has, so that a fault does not see a difference. */
final class SocketExchange extends HttpExchange {
    private final Socket socket;
    private final RequestHead head;
    private final OutputStream out;
    private final Headers responseHeaders = new Headers();
    private final Map<String, Object> attributes = new HashMap<>();
    private InputStream body;
    private OutputStream responseBody;
    private int status = -1;

    SocketExchange(Socket socket, RequestHead head, byte[] body, OutputStream out) {
        this.socket = socket;
        this.head = head;
        this.body = new ByteArrayInputStream(body);
        this.out = out;
    }

    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        status = code;
        StringBuilder text = new StringBuilder("HTTP/1.1 " + code + " " + reason(code) + "\r\n");
        for (Map.Entry<String, List<String>> header : responseHeaders.entrySet()) {
            header.getValue().forEach(value -> text.append(header.getKey())
                    .append(": ")
                    .append(value)
                    .append("\r\n"));
        }
        // as the JDK's server has it: 0 is a body of unknown length, and less is none
        text.append(length == 0 ? "transfer-encoding: chunked" : "content-length: " + Math.max(0, length));
        text.append("\r\n\r\n");
        responseBody = length == 0 ? new ChunkedOutput(out) : out;
        out.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends the response, so that another request may come. */
    void finish() throws IOException {
        if (responseBody instanceof ChunkedOutput) {
            responseBody.close();
        }
        out.flush();
    }

    /** Writes these characters after the response, as no correct server would. */
    void append(String text) throws IOException {
        finish();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Whether the client wants the connection to be closed. */
    boolean closesConnection() {
        return "close".equalsIgnoreCase(head.headers().getFirst("Connection"));
    }

    /** What a status is called. */
    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 406 -> "Not Acceptable";
            case 413 -> "Request Entity Too Large";
            case 429 -> "Too Many Requests";
            case 503 -> "Service Unavailable";
            default -> status < 500 ? "Some Status" : "Internal Server Error";
        };
    }

    @Override
    public Headers getRequestHeaders() {
        return head.headers();
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public URI getRequestURI() {
        return head.uri();
    }

    @Override
    public String getRequestMethod() {
        return head.method();
    }

    @Override
    public HttpContext getHttpContext() {
        return null;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    @Override
    public InputStream getRequestBody() {
        return body;
    }

    @Override
    public OutputStream getResponseBody() {
        return responseBody;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public String getProtocol() {
        return "HTTP/1.1";
    }

    @Override
    public Object getAttribute(String name) {
        return attributes.get(name);
    }

    @Override
    public void setAttribute(String name, Object value) {
        attributes.put(name, value);
    }

    @Override
    public void setStreams(InputStream input, OutputStream output) {
        body = input == null ? body : input;
    }

    @Override
    public HttpPrincipal getPrincipal() {
        return null;
    }
}
