package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;

/** A client of the Consume API that does what it is told and nothing else. Paths are {@code <consumer>/<call>}. */
public final class ConsumeClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String url;
    private final String token;

    /** A client of the server with this base URL. */
    public ConsumeClient(String url, String token) {
        this.url = url + "/v1/http-consumers/";
        this.token = token;
    }

    /** What any server answers to a GET of this URL. */
    public static HttpResponse<String> getUrl(String url) throws IOException, InterruptedException {
        return HTTP.send(builder(url).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder builder(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    }

    /** A request without a token. */
    public HttpRequest.Builder request(String path) {
        return builder(url + path);
    }

    /** Gets, with the token. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    /** Makes a request a POST of JSON, with the token. */
    public HttpRequest.Builder post(HttpRequest.Builder request, String body) {
        return request.header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    /** Posts JSON, with the token. */
    public HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(post(request(path), body));
    }

    /** Acks messages of a consumer. */
    public HttpResponse<String> ack(String consumer, Collection<String> tokens)
            throws IOException, InterruptedException {
        return post(consumer + "/ack", "{\"ack_tokens\": [\"" + String.join("\", \"", tokens) + "\"]}");
    }

    /** Sends a request, and reads the answer. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** Posts JSON, with the token, and leaves it to the caller to read the answer. */
    public HttpResponse<InputStream> open(String path, String body) throws IOException, InterruptedException {
        return open(post(request(path), body));
    }

    /** Sends a request, and leaves it to the caller to read the answer. */
    public HttpResponse<InputStream> open(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofInputStream());
    }
}
