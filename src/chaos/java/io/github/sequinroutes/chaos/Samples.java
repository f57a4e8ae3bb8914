package io.github.sequinroutes.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes records. A version of a record is always the same, however often and in whatever order it is asked for: also
 * whether it is a deletion, and whether it is poison.
 */
final class Samples {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PADDING = "the total is off by one, and nobody knows since when ".repeat(16);
    private static final int POISON_OF_1000 = 10;
    private static final int DELETED_OF_100 = 15;

    private static final List<Poison> VERSIONED =
            List.of(Poison.BAD_TYPE, Poison.NUL, Poison.NULL, Poison.BAD_HEX, Poison.TOO_LARGE, Poison.BAD_DELETED);

    private final long seed;

    Samples(long seed) {
        this.seed = seed;
    }

    /** A version of a record. */
    Sample sample(RecordSubject subject, int key, long version) {
        SplittableRandom random = random(subject, key, version);
        boolean poisoned = random.nextInt(1000) < POISON_OF_1000;
        Poison poison = poisoned ? VERSIONED.get(random.nextInt(VERSIONED.size())) : null;
        if (poison == Poison.NULL && !subject.textRequired) {
            poison = Poison.TOO_LARGE;
        }
        if (poison == Poison.BAD_HEX && subject.binary == null) {
            poison = Poison.BAD_TYPE;
        }
        return sample(subject, key, version, poison, random);
    }

    /** The same, but for its version, which is missing. */
    Sample withoutVersion(RecordSubject subject, int key, long version) {
        return sample(subject, key, version, Poison.NO_VERSION, random(subject, key, version));
    }

    /** The only version of a record that its table's trigger knows by its ID. */
    Sample sleeper(RecordSubject subject, int number) {
        String id = subject.name().charAt(0) + "-sleeper-" + number;
        return sample(subject, id, number, 1, Poison.SLEEPS, random(subject, number, 1));
    }

    /** A record that belongs to no collection that there is. */
    Sample homeless(int number, Poison poison) {
        ObjectNode record = JSON.createObjectNode();
        record.put("collection_id", poison == Poison.UNKNOWN_COLLECTION ? "chaos:unknown" : "chaos:order");
        if (poison == Poison.UNKNOWN_COLLECTION) {
            record.put("id", "unknown-" + number);
        }
        record.put("updated_idx", number).putObject("data").put("number", number);
        String json = poison == Poison.NO_OBJECT ? Integer.toString(number) : record.toString();
        return new Sample(null, null, number, false, null, poison, json);
    }

    private SplittableRandom random(RecordSubject subject, int key, long version) {
        return new SplittableRandom(
                seed * 31 + subject.name().charAt(0) + key * 0x9E3779B97F4A7C15L + version * 0x2545F491L);
    }

    private static Sample sample(RecordSubject subject, int key, long version, Poison poison, SplittableRandom random) {
        return sample(subject, subject.name().charAt(0) + "-" + key, key, version, poison, random);
    }

    private static Sample sample(
            RecordSubject subject, String id, int key, long version, Poison poison, SplittableRandom random) {
        // a deletion binds too little of the record to fail with it
        boolean deleted = poison == null && random.nextInt(100) < DELETED_OF_100;
        String text = "v" + version + " of " + id;
        long number = version * 7 + key;

        ObjectNode record = JSON.createObjectNode().put("collection_id", subject.collection());
        ObjectNode data = record.putObject("data").put(subject.text(), text).put(subject.number(), number);
        data.put("object", PADDING.substring(0, random.nextInt(PADDING.length())));
        String content = text + "|" + number;
        if (subject.binary != null) {
            String binary = "\\x%016x".formatted(number);
            data.put(subject.binary, binary);
            content += "|" + binary;
        }
        data.putObject("metadata").put("plan", "gold \"ü\" " + version);
        record.put("deleted", deleted).put("id", id).put("provider", "chaos");
        record.putObject("sync").put("id", "sync-" + key % 7).put("external_id", "acct-" + key % 7);
        record.put("updated_idx", version).put("upstream_id", "up-" + id);
        if (poison != null) {
            spoil(record, data, subject, poison);
        }
        return new Sample(subject, id, version, deleted, content, poison, record.toString());
    }

    private static void spoil(ObjectNode record, ObjectNode data, RecordSubject subject, Poison poison) {
        switch (poison) {
            case BAD_TYPE -> data.put(subject.number(), "many");
            case NUL -> data.put(subject.text(), "before\0after");
            case NULL -> data.putNull(subject.text());
            case TOO_LARGE -> data.put(subject.number(), BigInteger.TEN.pow(30));
            case BAD_HEX -> data.put(subject.binary, "\\xyz");
            case BAD_DELETED -> record.put("deleted", "yes");
            case NO_VERSION -> record.remove("updated_idx");
            case SLEEPS -> {
                // its ID says it all
            }
            default -> throw new IllegalArgumentException(poison.name());
        }
    }
}
