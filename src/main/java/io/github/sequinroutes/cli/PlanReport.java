package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.write.Effect;
import io.github.sequinroutes.write.PlannedMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a plan says, for people and for programs.
 *
 * @param planned    what would become of each message
 * @param isReceived whether the messages are the consumer's
 * @param givenBack  how many of them were given back
 */
record PlanReport(List<PlannedMessage> planned, boolean isReceived, int givenBack) {
    /** Of how many messages each thing is told. */
    private static final int EXAMPLES = 5;

    private static final int MAX_ID = 60;

    private Map<String, List<PlannedMessage>> byCollection() {
        Map<String, List<PlannedMessage>> collections = new TreeMap<>(Comparator.nullsFirst(Comparator.naturalOrder()));
        planned.forEach(message -> collections
                .computeIfAbsent(message.collection(), any -> new ArrayList<>())
                .add(message));
        return collections;
    }

    private static Map<Effect, List<PlannedMessage>> byEffect(List<PlannedMessage> messages) {
        Map<Effect, List<PlannedMessage>> effects = new EnumMap<>(Effect.class);
        messages.forEach(message -> effects.computeIfAbsent(message.effect(), any -> new ArrayList<>())
                .add(message));
        return effects;
    }

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        byCollection().forEach((collection, messages) -> {
            lines.add((collection == null ? "(no collection)" : Printable.of(collection)) + ": " + messages.size()
                    + (messages.size() == 1 ? " message" : " messages"));
            byEffect(messages).forEach((effect, some) -> addEffect(lines, effect, some));
            if (acceptsNone(messages)) {
                lines.add("  No record is accepted. If that goes on, the collection is paused rather than all of its"
                        + " messages made dead letters.");
            }
        });
        if (planned.isEmpty()) {
            lines.add(
                    isReceived
                            ? "The consumer has no message now, or others have all there is."
                            : "The file has no record.");
        }
        lines.add("Nothing was written"
                + (isReceived
                        ? ", and " + givenBack + (givenBack == 1 ? " message was" : " messages were") + " given back."
                        : "."));
        return lines;
    }

    /** Whether PostgreSQL refuses all of several. */
    private static boolean acceptsNone(List<PlannedMessage> messages) {
        return messages.size() > 1 && messages.stream().allMatch(message -> "rejected".equals(message.reason()));
    }

    private static void addEffect(List<String> lines, Effect effect, List<PlannedMessage> messages) {
        Map<String, List<PlannedMessage>> byNote = new LinkedHashMap<>();
        messages.forEach(message -> byNote.computeIfAbsent(
                        message.note() == null ? "" : message.note(), any -> new ArrayList<>())
                .add(message));
        if (effect == Effect.DEAD_LETTERED) {
            lines.add("  %-13s %5d".formatted(effect, messages.size()));
            messages.stream()
                    .limit(EXAMPLES)
                    .forEach(message -> lines.add(
                            "    " + name(message) + "  " + message.reason() + ": " + Printable.of(message.note())));
            addMore(lines, messages.size());
            return;
        }
        byNote.forEach((note, some) -> lines.add("  %-13s %5d   %s%s"
                .formatted(effect, some.size(), examples(some), note.isEmpty() ? "" : ": " + Printable.of(note))));
    }

    private static void addMore(List<String> lines, int all) {
        if (all > EXAMPLES) {
            lines.add("    and " + (all - EXAMPLES) + " more; --json has all");
        }
    }

    private static String examples(List<PlannedMessage> messages) {
        String some = String.join(
                ", ", messages.stream().limit(EXAMPLES).map(PlanReport::name).toList());
        return messages.size() > EXAMPLES ? some + ", ..." : some;
    }

    private static String name(PlannedMessage message) {
        if (message.id() == null) {
            return "(no ID)";
        }
        String id = message.id();
        return Printable.line(id.length() > MAX_ID ? id.substring(0, MAX_ID) + "..." : id);
    }

    /** For programs: the numbers by collection, and each message. */
    String json() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode report = mapper.createObjectNode();
        report.put("messages", planned.size()).put("given_back", givenBack);
        ArrayNode collections = report.putArray("collections");
        byCollection().forEach((collection, messages) -> {
            ObjectNode node = collections.addObject().put("collection", collection);
            byEffect(messages).forEach((effect, some) -> node.put(effect.key(), some.size()));
            ArrayNode all = node.putArray("messages");
            messages.forEach(message -> all.addObject()
                    .put("id", message.id())
                    .put("version", message.version())
                    .put("effect", message.effect().key())
                    .put("reason", message.reason())
                    .put("sqlstate", message.sqlState())
                    .put("note", message.note()));
        });
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report);
    }
}
