package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.FieldShape.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the field of the records that a column of a table is for, by their names. */
final class PathFinder {
    private static final int MAX_DEPTH = 4;
    private static final String ID = "_id";
    /** What a column begins with whose name would be that of a standard field. */
    private static final String DATA = "data_";

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
        for (String candidate : List.of(name, without(provider, name), without(DATA, name))) {
            Field related = candidate.endsWith(ID) ? fields.get(without(ID, candidate)) : null;
            Field field = fields.get(candidate);
            if (related != null && related.shape.isObjectOrItsId()) {
                return ShapeColumns.idOf(related.path);
            } else if (field != null) {
                return value(field, type);
            } else if (related != null && related.shape.isScalar()) {
                return value(related, type);
            }
        }
        return null;
    }

    /** A name without what it begins or ends with. */
    private static String without(String part, String name) {
        if (part.equals(ID)) {
            return name.substring(0, name.length() - part.length());
        }
        return name.startsWith(part) ? name.substring(part.length()) : name;
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
