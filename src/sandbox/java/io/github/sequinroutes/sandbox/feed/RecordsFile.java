package io.github.sequinroutes.sandbox.feed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows a file of records, one a line: what is appended is offered within a second. In a file that is written anew, as
 * editors do, only the lines that were not there before are new.
 */
public final class RecordsFile implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;

    private final Path file;
    private final RecordFeed feed;
    private final Consumer<String> out;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "records-file");
        thread.setDaemon(true);
        return thread;
    });
    /** What has been offered of the file, all but a last line that has no end. */
    private List<String> known = new ArrayList<>();

    private String unfinished = "";
    private String problem;

    /**
     * A file that may be still to come.
     *
     * @param out gets what is offered, and what is wrong, as lines for a person
     */
    public RecordsFile(Path file, RecordFeed feed, Consumer<String> out) {
        this.file = file;
        this.feed = feed;
        this.out = out;
    }

    /**
     * Says how records can be offered to a server, and follows a file of them, unless it is null, for as long as the process
     * lives.
     */
    public static void follow(Path file, String url, RecordFeed feed, Consumer<String> out) {
        out.accept("Records:         curl --data-binary @FILE " + url + "/records, one JSON object a line"
                + (file == null ? "" : "; or append them to " + file));
        if (file != null) {
            new RecordsFile(file, feed, out).follow();
        }
    }

    /** Offers what is there now, and from now on what comes. */
    public RecordsFile follow() {
        read();
        var unused = watch.scheduleWithFixedDelay(this::read, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    private synchronized void read() {
        try {
            if (Files.exists(file)) {
                read(Files.readString(file, StandardCharsets.UTF_8));
            }
            say(Files.exists(file) ? null : file + " is not there yet; it is waited for");
        } catch (IOException e) {
            say(file + " cannot be read: " + e); // half of a character may have been written so far
        }
    }

    private void say(String text) {
        if (text != null && !text.equals(problem)) {
            out.accept(text);
        }
        problem = text;
    }

    private void read(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        // a line without an end is whole once nothing more of it comes
        if (!last.isBlank() && last.equals(unfinished) && RecordFeed.isWhole(last)) {
            lines.add(last);
        }
        unfinished = last;
        boolean isAppended =
                lines.size() >= known.size() && lines.subList(0, known.size()).equals(known);
        Map<String, Integer> before = new HashMap<>();
        if (!isAppended) {
            known.forEach(line -> before.merge(line, 1, Integer::sum));
        }
        for (int i = isAppended ? known.size() : 0; i < lines.size(); i++) {
            if (before.merge(lines.get(i), -1, Integer::sum) < 0) {
                offer(lines.get(i), i + 1);
            }
        }
        known = lines;
    }

    private void offer(String line, int number) {
        RecordFeed.Result result = feed.offer(List.of(line), number);
        result.refused().forEach(refusal -> out.accept(file + ":" + refusal.line() + ": " + refusal.error()));
        if (result.accepted() > 0) {
            out.accept(file + ":" + number + ": offered");
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
