package io.github.sequinroutes.sample;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The names in several JSON values, those of all of them together; of a list, those of its elements. */
final class Names {
    private static final int MAX_DEPTH = 12;
    private static final String ELEMENT = "0";

    private final Map<String, Names> below = new TreeMap<>();
    private boolean isList;
    /** Whether only null was seen: then anything may be below. */
    private boolean isUnknown = true;

    /** Takes the names of one more value. */
    void add(JsonNode value) {
        if (value.isNull()) {
            return;
        }
        isUnknown = isUnknown && value.isContainerNode() && value.isEmpty();
        if (value.isObject()) {
            value.properties().forEach(field -> of(field.getKey()).add(field.getValue()));
        } else if (value.isArray()) {
            isList = true;
            value.forEach(element -> of(ELEMENT).add(element));
        }
    }

    private Names of(String name) {
        return below.computeIfAbsent(name, any -> new Names());
    }

    /** How many names of a path are there, from its beginning; all of them if the rest may be. */
    int known(List<String> path) {
        Names names = this;
        for (int i = 0; i < path.size(); i++) {
            if (names.isUnknown) {
                return path.size();
            }
            names = names.below(path.get(i));
            if (names == null) {
                return i;
            }
        }
        return path.size();
    }

    private Names below(String name) {
        return below.get(isList && name.matches("\\d+") ? ELEMENT : name);
    }

    /** The names that stand where a path leads, or none. */
    Collection<String> at(List<String> path) {
        Names names = this;
        for (String name : path) {
            names = names == null ? null : names.below(name);
        }
        return names == null ? List.of() : names.below.keySet();
    }

    /** The paths of all names. */
    List<List<String>> paths() {
        List<List<String>> paths = new ArrayList<>();
        collect(List.of(), paths);
        return paths;
    }

    private void collect(List<String> path, List<List<String>> paths) {
        if (path.size() < MAX_DEPTH) {
            below.forEach((name, names) -> {
                List<String> longer = new ArrayList<>(path);
                longer.add(name);
                paths.add(longer);
                names.collect(longer, paths);
            });
        }
    }
}
