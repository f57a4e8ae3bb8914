package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What is known of one field: the kinds of its values in all records that were seen, or that a schema declares. */
final class FieldShape {
    /** As in {@code cus_NffrFeUfNV2Hib}: what it is of, and at least one digit. */
    private static final Pattern PREFIXED_ID = Pattern.compile("[a-z]{2,8}_(?=[A-Za-z]*[0-9])[A-Za-z0-9]{8,64}");

    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    private final Map<String, FieldShape> fields = new LinkedHashMap<>();
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;
    private int longest;
    private boolean isPrefixedId = true;
    private boolean isStorable = true;
    private boolean hasUnstorableText;

    /** What a value is. */
    enum Kind {
        BOOLEAN,
        /** Of 64 bits. */
        INTEGER,
        DECIMAL,
        /** Since 1970, by declaration. */
        SECONDS,
        MILLISECONDS,
        DATE_TIME,
        /** A date and a time without a zone. */
        LOCAL_DATE_TIME,
        DATE,
        UUID,
        EMPTY,
        TEXT,
        OBJECT,
        ARRAY
    }

    /** Adds a value. */
    void see(JsonNode value) {
        boolean fits = Storable.test(value);
        isStorable &= fits;
        hasUnstorableText |= value.isTextual() && !fits;
        if (value.isObject()) {
            kinds.add(Kind.OBJECT);
            value.fields().forEachRemaining(field -> field(field.getKey()).see(field.getValue()));
        } else if (value.isArray()) {
            kinds.add(Kind.ARRAY);
        } else if (value.isBoolean()) {
            kinds.add(Kind.BOOLEAN);
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            kinds.add(Kind.INTEGER);
            min = Math.min(min, value.longValue());
            max = Math.max(max, value.longValue());
        } else if (value.isNumber()) {
            kinds.add(fits ? Kind.DECIMAL : Kind.TEXT);
        } else if (value.isTextual()) {
            String text = value.textValue();
            kinds.add(TextKind.of(text));
            longest = Math.max(longest, text.length());
            isPrefixedId &= PREFIXED_ID.matcher(text).matches();
        }
    }

    /** Adds a kind that a schema declares. */
    void declare(Kind kind) {
        kinds.add(kind);
        isPrefixedId = false;
    }

    /** The field of this name in it. */
    FieldShape field(String name) {
        return fields.computeIfAbsent(name, any -> new FieldShape());
    }

    /** The fields in it, in the order in which they were seen. */
    Map<String, FieldShape> fields() {
        return fields;
    }

    /** Its kinds; none if it has only been null. */
    Set<Kind> kinds() {
        return kinds;
    }

    /** Whether it has these kinds and no others. */
    boolean is(Kind first, Kind... others) {
        return !kinds.isEmpty() && EnumSet.of(first, others).containsAll(kinds);
    }

    /** Whether it has been an object in all records that have it. */
    boolean isObject() {
        return is(Kind.OBJECT);
    }

    /** Whether it is the object that the record is related to in some records, and only its ID in others. */
    boolean isObjectOrItsId() {
        FieldShape id = fields.get(StandardFields.ID);
        boolean areTexts = is(Kind.OBJECT, Kind.TEXT) && !isObject() && id != null && id.is(Kind.TEXT);
        return areTexts && !hasUnstorableText && !id.hasUnstorableText;
    }

    /** Whether it is never an object or array, nor only null. */
    boolean isScalar() {
        return !kinds.isEmpty() && !kinds.contains(Kind.OBJECT) && !kinds.contains(Kind.ARRAY);
    }

    /** Whether {@code jsonb} can hold all its values. */
    boolean isStorable() {
        return isStorable;
    }

    /** Whether a value is a string that {@code text} cannot hold. */
    boolean hasUnstorableText() {
        return hasUnstorableText;
    }

    /** Whether its integers are all between these. */
    boolean isWithin(long from, long to) {
        return is(Kind.INTEGER) && min >= from && max <= to && min <= max;
    }

    /** The number of characters of the longest text. */
    int longest() {
        return longest;
    }

    /** Whether all its values look like {@code cus_NffrFeUfNV2Hib}. */
    boolean isPrefixedId() {
        return isPrefixedId && is(Kind.TEXT);
    }
}
