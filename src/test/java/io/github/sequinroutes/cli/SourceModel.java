package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Tables of a source, what becomes of their rows, and the messages that the server makes of that. */
final class SourceModel {
    private static final List<String> TABLES = List.of("articles", "parts", "things", "nums", "pairs");
    private static final int KEYS = 6;

    private final Random random;
    private final Map<String, Row> rows = new TreeMap<>();
    /** Keys from which a row has gone without a word of the server's, and that none has got since. */
    private final Set<String> ghosts = new HashSet<>();

    private final Set<String> everGhosts = new HashSet<>();
    /** The newest version of a key that has all values, deletions included. */
    private final Map<String, Long> whole = new HashMap<>();
    /** The newest version of a key. */
    private final Map<String, Long> last = new HashMap<>();

    private long lsn = 100;
    private int idx;
    private int values;

    SourceModel(Random random) {
        this.random = random;
    }

    private static final class Row {
        private String spelling;
        private String title;
        private String body;
        private String extra;
        private final Set<String> foreign = new HashSet<>();
    }

    /** A message, and whether it is settled. */
    static final class Change {
        private final String key;
        private final String name;
        private final String json;
        private boolean isSettled;

        Change(String key, String name, String json) {
            this.key = key;
            this.name = name;
            this.json = json;
        }

        String json() {
            return json;
        }

        void settled(boolean is) {
            isSettled = is;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** What the server hands out, at least once. */
    static final class Deliveries {
        private final Random random;
        private final boolean grouped;
        private final List<Change> all = new ArrayList<>();
        private final Map<String, List<Change>> byGroup = new LinkedHashMap<>();
        private final Map<String, Integer> next = new HashMap<>();
        private final Set<String> out = new HashSet<>();
        private int failures;

        Deliveries(Random random, boolean grouped) {
            this.random = random;
            this.grouped = grouped;
        }

        boolean isGrouped() {
            return grouped;
        }

        void add(List<Change> changes) {
            for (Change change : changes) {
                all.add(change);
                byGroup.computeIfAbsent(grouped ? change.key : "", any -> new ArrayList<>())
                        .add(change);
            }
        }

        boolean isEmpty() {
            return byGroup.entrySet().stream()
                    .allMatch(group -> next.getOrDefault(group.getKey(), 0)
                            >= group.getValue().size());
        }

        /** What was acked comes again. */
        void rewind() {
            if (all.isEmpty()) {
                return;
            }
            int from = random.nextInt(all.size());
            Map<String, Integer> passed = new HashMap<>();
            for (Change change : all.subList(0, from)) {
                passed.merge(grouped ? change.key : "", 1, Integer::sum);
            }
            byGroup.keySet()
                    .forEach(group -> next.compute(
                            group, (any, now) -> Math.min(now == null ? 0 : now, passed.getOrDefault(group, 0))));
        }

        List<Change> take(int count) {
            List<Change> taken = new ArrayList<>();
            if (!grouped) {
                List<Change> queue = byGroup.getOrDefault("", List.of());
                int from = next.getOrDefault("", 0);
                int to = Math.min(queue.size(), from + count);
                taken.addAll(queue.subList(from, to));
                next.put("", to);
                return taken;
            }
            List<String> groups = new ArrayList<>(byGroup.keySet());
            java.util.Collections.shuffle(groups, random);
            for (String group : groups) {
                int from = next.getOrDefault(group, 0);
                if (taken.size() < count && from < byGroup.get(group).size() && out.add(group)) {
                    taken.add(byGroup.get(group).get(from));
                    next.put(group, from + 1);
                }
            }
            return taken;
        }

        /** What is not settled comes again. */
        void give(List<Change> taken) {
            int unsettled = -1;
            for (int i = 0; i < taken.size(); i++) {
                Change change = taken.get(i);
                out.remove(change.key);
                if (!change.isSettled) {
                    if (++failures > 2000) {
                        throw new IllegalStateException("never settled: " + change);
                    }
                    if (grouped) {
                        next.merge(change.key, -1, Integer::sum);
                    } else if (unsettled < 0) {
                        unsettled = i;
                    }
                }
            }
            if (unsettled >= 0) {
                next.merge("", unsettled - taken.size(), Integer::sum);
            }
        }
    }

    /** Rows that are there before the sink is. */
    void begin() {
        for (int i = 0; i < 8; i++) {
            String key = key();
            if (!rows.containsKey(key)) {
                insert(key);
            }
        }
        whole.clear();
        last.clear();
    }

    private String key() {
        String table = TABLES.get(random.nextInt(TABLES.size()));
        int number = random.nextInt(KEYS);
        return switch (table) {
            case "parts", "pairs" -> table + " " + (number / 2) + ".5 " + (number % 2 == 0 ? "a" : "b");
            case "nums" -> table + " " + number + ".5";
            case "things" -> table + " k" + number;
            default -> table + " " + number;
        };
    }

    private Row insert(String key) {
        Row row = new Row();
        row.spelling = spelling(key);
        row.title = title();
        row.body = large();
        row.extra = large();
        rows.put(key, row);
        ghosts.remove(key);
        return row;
    }

    private String spelling(String key) {
        String number = key.split(" ", -1)[1];
        return random.nextInt(4) == 0 ? number + "0" : number;
    }

    private String title() {
        return random.nextInt(6) == 0 ? "bad" : "t" + ++values;
    }

    private String large() {
        int kind = random.nextInt(8);
        return kind == 0 ? null : (kind == 1 ? "small" : "LARGE") + ++values;
    }

    private long version() {
        return lsn * 1000 + idx;
    }

    /** The changes of one transaction. */
    List<Change> transaction() {
        List<Change> changes = new ArrayList<>();
        lsn += 1 + random.nextInt(3);
        idx = 0;
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            Change change = change(key());
            if (change != null) {
                changes.add(change);
                idx += 1 + random.nextInt(2);
            }
        }
        return changes;
    }

    /** What a backfill reads: so many rows, or all for -1. */
    List<Change> reads(int count) {
        List<String> keys = new ArrayList<>(rows.keySet());
        java.util.Collections.shuffle(keys, random);
        List<Change> reads = new ArrayList<>();
        for (String key : keys.subList(0, count < 0 ? keys.size() : Math.min(count, keys.size()))) {
            reads.add(message("read", key, rows.get(key), null, Set.of()));
        }
        return reads;
    }

    private Change change(String key) {
        Row row = rows.get(key);
        int what = random.nextInt(10);
        if (row == null) {
            return what < 7 ? inserted(key) : null;
        } else if (what < 2) {
            rows.remove(key);
            whole.put(key, version());
            last.put(key, version());
            return message("delete", key, row, null, Set.of());
        } else if (what < 4) {
            String free = key();
            return free.startsWith(table(key) + " ") && !rows.containsKey(free)
                    ? moved(key, row, free)
                    : updated(key, row, key);
        }
        return updated(key, row, key);
    }

    private Change inserted(String key) {
        Row row = insert(key);
        whole.put(key, version());
        last.put(key, version());
        return message("insert", key, row, null, Set.of());
    }

    private Change moved(String key, Row row, String free) {
        rows.remove(key);
        boolean onGhost = ghosts.remove(free);
        if (isFull(key)) {
            whole.put(key, version());
            last.put(key, version());
        } else {
            ghosts.add(key);
            everGhosts.add(key);
        }
        rows.put(free, row);
        Change change = updated(key, row, free);
        if (onGhost && !isFull(key)) {
            row.foreign.addAll(lastLeftOut);
        }
        return change;
    }

    private Set<String> lastLeftOut = Set.of();

    private Change updated(String key, Row row, String now) {
        Row before = new Row();
        before.spelling = row.spelling;
        before.title = row.title;
        before.body = row.body;
        before.extra = row.extra;
        Set<String> leftOut = new HashSet<>();
        if (random.nextInt(3) > 0) {
            row.title = title();
        }
        row.body = value(row, "body", row.body, leftOut);
        row.extra = value(row, "extra", row.extra, leftOut);
        if (!key.equals(now) || random.nextInt(8) == 0) {
            row.spelling = spelling(now);
        }
        lastLeftOut = leftOut;
        last.put(now, version());
        if (isFull(key)) {
            leftOut.clear();
            row.foreign.clear();
        }
        if (leftOut.isEmpty() || !key.equals(now)) {
            whole.put(now, leftOut.isEmpty() ? version() : version() - 1);
        }
        return message("update", now, row, isFull(key) ? new Before(key, before) : null, leftOut);
    }

    private record Before(String key, Row row) {}

    private String value(Row row, String column, String value, Set<String> leftOut) {
        if (random.nextInt(4) == 0) {
            row.foreign.remove(column);
            return large();
        }
        if (value != null && value.startsWith("LARGE")) {
            leftOut.add(column);
        } else {
            row.foreign.remove(column);
        }
        return value;
    }

    private static boolean isFull(String key) {
        return key.startsWith("things") || key.startsWith("pairs");
    }

    private static String table(String key) {
        return key.substring(0, key.indexOf(' '));
    }

    private static String text(String value) {
        return value == null ? "null" : "\"" + value + "\"";
    }

    private static String keyFields(String key, String spelling) {
        String[] parts = key.split(" ", -1);
        return switch (parts[0]) {
            case "parts", "pairs" -> "\"name\": \"" + parts[2] + "\", \"no\": \"" + spelling + "\"";
            case "articles" -> "\"id\": " + parts[1];
            case "things" -> "\"id\": \"" + parts[1] + "\"";
            default -> "\"id\": \"" + spelling + "\"";
        };
    }

    private Change message(String action, String key, Row row, Before before, Set<String> leftOut) {
        boolean isBare = action.equals("delete") && !isFull(key);
        String spelling = key.contains(".5") ? row.spelling : key.split(" ", -1)[1];
        String body = isBare ? "null" : leftOut.contains("body") ? "\"unchanged_toast\"" : text(row.body);
        String extra = isBare ? "null" : leftOut.contains("extra") ? "\"unchanged_toast\"" : text(row.extra);
        String title = isBare ? "null" : text(row.title);
        String changes = "null";
        String from = "";
        if (action.equals("update")) {
            List<String> changed = new ArrayList<>();
            if (before != null) {
                if (!before.key.equals(key)) {
                    changed.add(keyFields(before.key, before.row.spelling));
                    from = "from " + before.key.substring(before.key.indexOf(' ') + 1) + " ";
                }
                different(changed, "title", before.row.title, row.title);
                different(changed, "body", before.row.body, row.body);
                different(changed, "extra", before.row.extra, row.extra);
            }
            changes = "{" + String.join(", ", changed) + "}";
        }
        boolean isRead = action.equals("read");
        String[] parts = key.split(" ", -1);
        String pks = parts.length == 3 ? "\"" + parts[2] + "\",\"" + spelling + "\"" : "\"" + spelling + "\"";
        String json = """
                {"ack_id": "6f0f8f6e-4f0d-4b55-9d3a-0d6f3a0f1b2c", "data": {"record": {%s, "title": %s, "body": %s, "extra": %s},
                 "changes": %s, "action": "%s", "metadata": {"table_schema": "public", "table_name": "%s", "commit_lsn": %s,
                 "commit_idx": %s, "record_pks": [%s], "idempotency_key": "%s"}}}""".formatted(
                        keyFields(key, spelling),
                        title,
                        body,
                        extra,
                        changes,
                        action,
                        parts[0],
                        isRead ? "null" : lsn,
                        isRead ? "null" : idx,
                        pks,
                        isRead ? "read-" + key : lsn + ":" + idx);
        String name = action + " " + key + " " + from + (isRead ? "" : lsn + "." + idx) + " " + title + " " + body + " "
                + extra;
        return new Change(key, name, json);
    }

    private static void different(List<String> changed, String column, String before, String now) {
        if (!Objects.equals(before, now)) {
            changed.add("\"" + column + "\": " + text(before));
        }
    }

    /** The key of a message, as this model writes it. */
    static String key(JsonNode data) {
        JsonNode record = data.path("record");
        String table = data.path("metadata").path("table_name").asText();
        return switch (table) {
            case "parts", "pairs" ->
                table + " " + plain(record.path("no").asText()) + " "
                        + record.path("name").asText();
            case "nums" -> table + " " + plain(record.path("id").asText());
            default -> table + " " + record.path("id").asText();
        };
    }

    private static String plain(String number) {
        return new BigDecimal(number).stripTrailingZeros().toPlainString();
    }

    /** Whether a version of a key is superseded by one that has all values. */
    boolean hasWholeSince(String key, long version) {
        return whole.getOrDefault(key, 0L) > version;
    }

    @Override
    public String toString() {
        long unknown =
                rows.values().stream().filter(row -> !row.foreign.isEmpty()).count();
        return rows.size() + " rows, " + unknown + " of them with values of others, " + ghosts.size()
                + " left behind, lsn " + lsn;
    }

    /** Whether its row may have gone without a word. */
    boolean mayBeGhost(String key) {
        return everGhosts.contains(key);
    }

    /** What is wrong with a row of the target, or null if nothing is, or an open dead letter says it. */
    String difference(String key, JsonNode target, List<Long> open) {
        Row row = rows.get(key);
        if (row == null && target == null) {
            return null;
        }
        if (row == null && ghosts.contains(key)) {
            return null;
        }
        long since = whole.getOrDefault(key, 0L);
        boolean isExplained =
                open.stream().anyMatch(version -> version >= since && version <= last.getOrDefault(key, 0L));
        if (isExplained) {
            return null;
        }
        if (row == null) {
            return "should not be there: " + target;
        } else if (target == null) {
            return "is not there: " + row.title + " " + row.body + " " + row.extra;
        }
        boolean isSame = same(target.get(1), row.title)
                && (row.foreign.contains("body") || same(target.get(2), row.body))
                && (row.foreign.contains("extra") || same(target.get(3), row.extra));
        return isSame ? null : "should be " + row.title + " " + row.body + " " + row.extra + ", and is " + target;
    }

    private static boolean same(JsonNode target, String value) {
        return value == null ? target.isNull() : value.equals(target.textValue());
    }

    /** The keys of rows that are not among these. */
    List<String> missing(Set<String> seen) {
        return rows.keySet().stream().filter(key -> !seen.contains(key)).toList();
    }
}
