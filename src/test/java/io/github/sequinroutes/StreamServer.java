package io.github.sequinroutes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.sequinroutes.sequin.Recording;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * A sink of the Stream API, with the recorded answers of the real server: it leases messages, answers a 500 and holds the
 * messages if its transform raises, answers an empty list at once while anything is in flight, and speaks gzip.
 */
final class StreamServer implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("\"(\\w+)\": *(\\d+)");
    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

    private final RawServer server;
    private final long leaseNanos;
    private final String message;
    private final String internalError;
    private final String badIds;
    /** By token, in the order of the changes: when the lease is over, on the monotonic clock, or null if it is in none. */
    private final Map<String, Long> leases = new LinkedHashMap<>();

    private final Map<String, String> messages = new LinkedHashMap<>();
    private final List<Integer> sizes = new CopyOnWriteArrayList<>();
    private Set<Integer> raisesFor = Set.of();
    private Predicate<RawServer.Request> acksNothing = request -> false;

    StreamServer(Duration lease) throws IOException {
        leaseNanos = lease.toNanos();
        String answer = Recording.of("02-insert.http").get(0).body();
        message = answer.substring(answer.indexOf("{\"data\":{"), answer.lastIndexOf("]}"));
        internalError = Products.answers("50-fn_bad.http", 500).get(0);
        badIds = Products.answers("22-ack-bad-ids.http", 400).get(0);
        server = new RawServer(this::answer);
    }

    /** The insert of a row. */
    synchronized StreamServer offer(int id) {
        return offer(id, new UUID(0, id).toString());
    }

    /** The same, with a token. */
    synchronized StreamServer offer(int id, String token) {
        messages.put(
                token,
                message.replace("\"id\":77", "\"id\":" + id)
                        .replace("[\"77\"]", "[\"" + id + "\"]")
                        .replaceFirst("\"ack_id\":\"[^\"]*\"", "\"ack_id\":\"" + token + "\""));
        leases.put(token, null);
        notifyAll();
        return this;
    }

    /** The transform raises for these rows. */
    synchronized void raiseFor(Set<Integer> ids) {
        raisesFor = ids;
    }

    /** An ack is answered 200 and does nothing, as one of tokens from before a restart. */
    synchronized void ackNothing(Predicate<RawServer.Request> when) {
        acksNothing = when;
    }

    /** All that is there comes again at once, with other tokens. */
    synchronized void restart() {
        List<String> old = List.copyOf(leases.keySet());
        for (String token : old) {
            leases.remove(token);
            String renewed = UUID.randomUUID().toString();
            messages.put(renewed, messages.remove(token).replace(token, renewed));
            leases.put(renewed, null);
        }
        notifyAll();
    }

    String url() {
        return server.url();
    }

    RawServer raw() {
        return server;
    }

    /** How many messages each receive has asked for. */
    List<Integer> sizes() {
        return sizes;
    }

    /** The tokens of what is not acked. */
    synchronized List<String> left() {
        return List.copyOf(leases.keySet());
    }

    /** The tokens of what comes to nobody before its lease is over. */
    synchronized List<String> leased() {
        long now = System.nanoTime();
        return leases.keySet().stream()
                .filter(token -> leases.get(token) != null && now - leases.get(token) < 0)
                .toList();
    }

    private String answer(RawServer.Request request) {
        try {
            return switch (request.kind()) {
                case "receive" -> receive(request);
                default -> settle(request);
            };
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized String receive(RawServer.Request request) throws InterruptedException, IOException {
        Map<String, Integer> asked = new LinkedHashMap<>();
        Matcher number = NUMBER.matcher(request.body());
        while (number.find()) {
            asked.put(number.group(1), Integer.valueOf(number.group(2)));
        }
        sizes.add(asked.get("batch_size"));
        long end = System.nanoTime() + asked.getOrDefault("wait_for", 0) * 1_000_000L;
        for (long left = end - System.nanoTime(); leases.isEmpty() && left > 0; left = end - System.nanoTime()) {
            wait(left / 1_000_000 + 1);
        }
        List<String> taken = take(asked.get("batch_size"));
        boolean raises = taken.stream().anyMatch(token -> raisesFor.stream()
                .anyMatch(id -> messages.get(token).contains("\"id\":" + id + ",")));
        return raises
                ? internalError
                : json(
                        request,
                        "{\"data\":["
                                + String.join(
                                        ",", taken.stream().map(messages::get).toList()) + "]}");
    }

    private List<String> take(int limit) {
        long now = System.nanoTime();
        List<String> taken = new ArrayList<>();
        leases.forEach((token, until) -> {
            if (taken.size() < limit && (until == null || now - until >= 0)) {
                taken.add(token);
            }
        });
        taken.forEach(token -> leases.put(token, now + leaseNanos));
        return taken;
    }

    private synchronized String settle(RawServer.Request request) throws IOException {
        List<String> tokens = new ArrayList<>();
        Matcher string = STRING.matcher(request.body().replaceFirst("^\\{\"ack_ids\":", ""));
        while (string.find()) {
            tokens.add(string.group(1));
        }
        if (tokens.isEmpty() || !tokens.stream().allMatch(token -> token.matches("[0-9a-f]+(-[0-9a-f]+){4}"))) {
            return badIds;
        }
        if (request.kind().equals("nack")) {
            tokens.forEach(token -> leases.replace(token, null));
        } else if (!acksNothing.test(request)) {
            leases.keySet().removeAll(tokens);
        }
        notifyAll();
        return json(request, "{\"success\":true}");
    }

    /** As the server does, only if it is asked to. */
    private static String json(RawServer.Request request, String body) throws IOException {
        if (!request.headers().getOrDefault("accept-encoding", "").contains("gzip")) {
            return RawServer.json(200, new String(body.getBytes(UTF_8), ISO_8859_1));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body.getBytes(UTF_8));
        }
        return RawServer.json(200, bytes.toString(ISO_8859_1), "content-encoding: gzip");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
