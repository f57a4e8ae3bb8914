package io.github.sequinroutes.check;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The paths whose values stay the same for a made-up record. */
final class TriedKeys {
    private TriedKeys() {}

    /** Those of an upsert template and of a delete template, which may be null. */
    static Set<List<String>> of(SqlStatement upsert, SqlStatement delete, CopiedTable copy) {
        Set<List<String>> keys = new HashSet<>(copy.keys());
        upsert.keyColumns().forEach(column -> keys.addAll(upsert.pathsOf(column)));
        if (delete != null && delete.where() != null) {
            keys.addAll(delete.paths(delete.where()));
        }
        keys.addAll(List.of(List.of("id"), List.of("upstream_id")));
        return keys;
    }
}
