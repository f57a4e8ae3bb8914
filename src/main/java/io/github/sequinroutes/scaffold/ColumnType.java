package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.FieldShape.Kind;
import java.util.Set;

/** The type of a column, and how a value of the record becomes one of that type. */
enum ColumnType {
    TEXT("text"),
    BIGINT("bigint"),
    NUMERIC("numeric"),
    BOOLEAN("boolean"),
    TIMESTAMPTZ("timestamptz"),
    TIMESTAMP("timestamp"),
    SECONDS("timestamptz"),
    MILLISECONDS("timestamptz"),
    DATE("date"),
    UUID("uuid"),
    JSONB("jsonb"),
    /** For what {@code jsonb} cannot hold. */
    JSON("json");

    private static final long FROM = 631_152_000L; // 1990
    private static final long TO = 4_102_444_800L; // 2100
    private static final long MILLIS = 1_000;
    /** Words at the end of the names of times. */
    private static final Set<String> TIMES = Set.of(
            "at",
            "on",
            "date",
            "time",
            "timestamp",
            "ts",
            "created",
            "updated",
            "modified",
            "start",
            "end",
            "started",
            "ended",
            "until",
            "since",
            "before",
            "after",
            "expires",
            "expiry",
            "expiration",
            "anchor",
            "due",
            "deadline");

    private final String sql;

    ColumnType(String sql) {
        this.sql = sql;
    }

    /** As it stands in DDL. */
    String sql() {
        return sql;
    }

    /** The type for a field; {@code name} is that of its column, in snake case. */
    static ColumnType of(String name, FieldShape field) {
        if (field.kinds().contains(Kind.OBJECT) || field.kinds().contains(Kind.ARRAY)) {
            return ofJson(field);
        } else if (field.hasUnstorableText()) {
            return JSON;
        } else if (field.is(Kind.BOOLEAN)) {
            return BOOLEAN;
        } else if (field.is(Kind.SECONDS)) {
            return SECONDS;
        } else if (field.is(Kind.MILLISECONDS)) {
            return MILLISECONDS;
        } else if (field.is(Kind.INTEGER)) {
            return integer(name, field);
        } else if (field.is(Kind.INTEGER, Kind.DECIMAL)) {
            return NUMERIC;
        } else if (field.is(Kind.EMPTY)) {
            return TEXT;
        } else if (field.is(Kind.DATE_TIME, Kind.EMPTY)) {
            return TIMESTAMPTZ;
        } else if (field.is(Kind.LOCAL_DATE_TIME, Kind.EMPTY)) {
            return TIMESTAMP;
        } else if (field.is(Kind.DATE, Kind.EMPTY)) {
            return DATE;
        } else if (field.is(Kind.UUID, Kind.EMPTY)) {
            return UUID;
        }
        return TEXT;
    }

    /** The type for whatever JSON a field has. */
    static ColumnType ofJson(FieldShape field) {
        return field.isStorable() ? JSONB : JSON;
    }

    private static ColumnType integer(String name, FieldShape field) {
        if (isTime(name) && field.isWithin(FROM, TO)) {
            return SECONDS;
        }
        return isTime(name) && field.isWithin(FROM * MILLIS, TO * MILLIS) ? MILLISECONDS : BIGINT;
    }

    /** Whether a column of this name, in snake case, is likely to hold times. */
    static boolean isTime(String name) {
        return TIMES.contains(name.substring(name.lastIndexOf('_') + 1));
    }

    /** Whether it is for times, which APIs write all in the same way. */
    boolean isForTimes() {
        return this == TIMESTAMPTZ || this == SECONDS || this == MILLISECONDS;
    }

    /** The value of a path as one of this type; an empty string is null where it can be nothing else. */
    String value(String path, FieldShape field) {
        return switch (this) {
            case SECONDS -> "to_timestamp(" + path + ")";
            case MILLISECONDS -> "to_timestamp(" + path + " / 1000.0)";
            case TIMESTAMPTZ, TIMESTAMP, DATE, UUID ->
                field.kinds().contains(Kind.EMPTY) ? "cast(nullif(" + path + ", '') as " + sql + ")" : path;
            default -> path;
        };
    }
}
