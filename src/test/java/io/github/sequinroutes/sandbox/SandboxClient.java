package io.github.sequinroutes.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** An HTTP client for tests of the sandbox server. */
final class SandboxClient {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;
    private final String token;

    SandboxClient(String url, String token) {
        this.url = url + "/v1/http-consumers/";
        this.token = token;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofMinutes(1));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).header("Authorization", "Bearer " + token));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send(post(request(path), body));
    }

    HttpResponse<InputStream> open(String path, String body) throws IOException, InterruptedException {
        return open(post(request(path), body));
    }

    HttpResponse<InputStream> open(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    HttpResponse<String> ack(List<String> tokens) throws IOException, InterruptedException {
        return post("test/ack", "{\"ack_tokens\": [\"" + String.join("\", \"", tokens) + "\"]}");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpRequest.Builder post(HttpRequest.Builder request, String body) {
        return request.header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }
}
