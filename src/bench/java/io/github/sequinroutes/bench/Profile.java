package io.github.sequinroutes.bench;

import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** What a flight recording says about a stretch of time: who computed, and who allocated what. */
final class Profile {
    private static final int MOST = 20;

    /** Whose code a frame is, by the beginning of its class's name; the first that fits. */
    private static final Map<String, String> OWNERS = new LinkedHashMap<>();

    static {
        OWNERS.put("io.github.sequinroutes.", "own");
        OWNERS.put("org.apache.camel.component.http.", "http");
        OWNERS.put("org.apache.hc.", "http");
        OWNERS.put("org.apache.camel.", "camel");
        OWNERS.put("org.postgresql.", "pgjdbc");
    }

    private final Shares frames = new Shares();
    private final Shares owners = new Shares();
    private final Shares classes = new Shares();
    private final Shares sites = new Shares();

    /** Reads what was recorded from one moment to another. */
    Profile(Path recording, Instant from, Instant to) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                boolean within = event.getStartTime().isAfter(from)
                        && event.getStartTime().isBefore(to);
                if (within && event.getStackTrace() != null) {
                    add(event, event.getStackTrace().getFrames());
                }
            }
        }
    }

    private void add(RecordedEvent event, List<RecordedFrame> stack) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> {
                frames.add(name(stack.get(0)), 1);
                owners.add(owner(stack), 1);
            }
            case "jdk.ObjectAllocationSample" -> {
                long weight = event.getLong("weight");
                classes.add(typeName(event.getClass("objectClass").getName()), weight);
                sites.add(site(stack), weight);
            }
            default -> {
                // not of interest
            }
        }
    }

    /** The owner of the first frame that has one. */
    private static String owner(List<RecordedFrame> stack) {
        for (RecordedFrame frame : stack) {
            for (Map.Entry<String, String> owner : OWNERS.entrySet()) {
                if (frame.getMethod().getType().getName().startsWith(owner.getKey())) {
                    return owner.getValue();
                }
            }
        }
        return "other";
    }

    /** The first frame that is not the JDK's: that a String makes an array is no news. */
    private static String site(List<RecordedFrame> stack) {
        return stack.stream()
                .map(Profile::name)
                .filter(name -> !name.matches("(java|javax|jdk|sun)\\..*"))
                .findFirst()
                .orElseGet(() -> name(stack.get(0)));
    }

    private static String name(RecordedFrame frame) {
        return typeName(frame.getMethod().getType().getName()) + "."
                + frame.getMethod().getName();
    }

    /** As the source has it, and without the number of a lambda. */
    private static String typeName(String name) {
        return name.startsWith("[")
                ? ClassDesc.ofDescriptor(name.replace('.', '/')).displayName()
                : name.replaceFirst("\\$\\$Lambda.*", " lambda");
    }

    /** Adds its tables to a report. */
    void print(Report report) {
        report.text("CPU: %d samples of Java code; the compiler and the garbage collector are not among them."
                .formatted(owners.whole()));
        report.table(owners.table("CPU, by the first frame that is one of these", MOST));
        report.table(frames.table("CPU, by the top frame", MOST));
        report.text("Allocation: about %d MB.".formatted(classes.whole() >> 20));
        report.table(classes.table("allocated, by class", MOST));
        report.table(sites.table("allocated, by the first frame outside the JDK", MOST));
    }
}
