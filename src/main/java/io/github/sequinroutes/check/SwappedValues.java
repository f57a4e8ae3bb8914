package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds paths that are written into the columns of one another's names, as they are where a list is in another order. */
record SwappedValues(SqlStatement statement, TargetTable table, Findings findings) {
    /** Warns of each ring of such columns, once. */
    void run() {
        report(WrittenValue.inserted(statement, table));
        report(WrittenValue.assigned(statement, table));
    }

    private void report(List<WrittenValue> written) {
        Map<String, WrittenValue> byColumn = new LinkedHashMap<>();
        for (WrittenValue one : written) {
            if (statement.isPath(one.value())) {
                byColumn.put(plain(one.column().name()), one);
            }
        }
        Set<String> known = new HashSet<>();
        for (String first : byColumn.keySet()) {
            List<WrittenValue> ring = known.contains(first) ? List.of() : ring(first, byColumn);
            ring.forEach(one -> known.add(plain(one.column().name())));
            if (ring.size() > 1) {
                WrittenValue begin = ring.get(0);
                WrittenValue next = ring.get(1);
                findings.warning(
                        Finding.VALUE,
                        path(begin).start(),
                        "%s gets %s, and %s gets %s: are they swapped? write each path in the place of its column"
                                .formatted(
                                        SqlNames.quoted(begin.column().name()),
                                        path(begin).text(),
                                        SqlNames.quoted(next.column().name()),
                                        path(next).text()));
            }
        }
    }

    /** The columns from this one on of which each gets the path that is named like the next, if the last gets that of the first. */
    private List<WrittenValue> ring(String first, Map<String, WrittenValue> byColumn) {
        List<WrittenValue> ring = new ArrayList<>();
        String at = first;
        while (byColumn.containsKey(at) && ring.size() < byColumn.size()) {
            WrittenValue one = byColumn.get(at);
            if (!ring.isEmpty() && !parent(one).equals(parent(ring.get(0)))) {
                return List.of();
            }
            ring.add(one);
            at = plain(last(one));
            if (at.equals(first)) {
                return ring;
            }
        }
        return List.of();
    }

    private TemplateToken path(WrittenValue written) {
        return statement.tokens().get(written.value().from());
    }

    private List<String> parent(WrittenValue written) {
        List<String> path = path(written).path();
        return path.subList(0, path.size() - 1);
    }

    private String last(WrittenValue written) {
        List<String> path = path(written).path();
        return path.get(path.size() - 1);
    }

    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
