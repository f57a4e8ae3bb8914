package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.FieldShape.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the field of the records that a column of a table is for, by their names. */
final class PathFinder {
    private static final int MAX_DEPTH = 4;
    private static final String ID = "_id";
    private static final long MAX_SECONDS = 100_000_000_000L; // milliseconds since 1973

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final String provider;

    private record Field(List<String> path, FieldShape shape) {}

    PathFinder(RecordShape shape, String provider) {
        this.provider = provider + "_";
        List<String> root = List.of(StandardFields.DATA);
        for (int depth = 1; depth <= MAX_DEPTH; depth++) {
            add(root, "", shape.data(), depth); // what is less deep comes first
        }
    }

    private void add(List<String> path, String name, FieldShape shape, int depth) {
        for (Map.Entry<String, FieldShape> field : shape.fields().entrySet()) {
            if (!Paths.isSpellable(field.getKey())) {
                continue;
            }
            boolean isContainer = path.size() == 1 && ShapeColumns.CONTAINERS.contains(field.getKey());
            List<String> longer = Paths.append(path, field.getKey());
            String longerName = isContainer ? "" : Identifiers.snake(name + "_" + field.getKey());
            if (depth > 1) {
                add(longer, longerName, field.getValue(), depth - 1);
            } else {
                fields.putIfAbsent(longerName, new Field(longer, field.getValue()));
            }
        }
    }

    /** The expression for a column of this name and type, or null if there is no field for it. */
    String value(String column, String type) {
        String name = Identifiers.snake(column);
        String shorter = name.startsWith(provider) ? name.substring(provider.length()) : name;
        for (String candidate : List.of(name, shorter)) {
            Field field = fields.get(candidate);
            if (field != null) {
                return value(field, type);
            }
            Field related = candidate.endsWith(ID)
                    ? fields.get(candidate.substring(0, candidate.length() - ID.length()))
                    : null;
            if (related != null && related.shape.isScalar()) {
                return value(related, type);
            }
        }
        return null;
    }

    private static String value(Field field, String type) {
        String path = Paths.parameter(field.path);
        boolean isTime = type.startsWith("timestamp") || type.equals("date");
        if (isTime && field.shape.is(Kind.INTEGER, Kind.SECONDS, Kind.MILLISECONDS)) {
            boolean isSeconds = field.shape.is(Kind.SECONDS) || field.shape.isWithin(Long.MIN_VALUE, MAX_SECONDS);
            String time = "to_timestamp(" + path + (isSeconds ? ")" : " / 1000.0)");
            if (type.endsWith("with time zone")) {
                return time;
            }
            return type.equals("date") ? "cast(" + time + " at time zone 'UTC' as date)" : time + " at time zone 'UTC'";
        }
        boolean isText = type.equals("text") || type.startsWith("character") || type.startsWith("json");
        return field.shape.kinds().contains(Kind.EMPTY) && !isText
                ? "cast(nullif(" + path + ", '') as " + type + ")"
                : path;
    }
}
