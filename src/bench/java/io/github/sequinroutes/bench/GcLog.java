package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log that a JVM keeps of its garbage collections: the most heap that was in use, in MB. */
record GcLog(long peakHeap, long peakLive) {
    private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(");

    /** The option that makes the JVM write it. */
    static String option(Path file) {
        return "-Xlog:gc:file=" + file;
    }

    /** Reads it: the heap is fullest before a collection; what is left after it is in use, or nearly so. */
    static GcLog read(Path file) throws IOException {
        long before = 0;
        long after = 0;
        for (String line : Files.readAllLines(file)) {
            Matcher collection = COLLECTION.matcher(line);
            if (collection.find()) {
                before = Math.max(before, Long.parseLong(collection.group(1)));
                after = Math.max(after, Long.parseLong(collection.group(2)));
            }
        }
        return new GcLog(before, after);
    }
}
