package io.github.sequinroutes.check;

/**
 * What a condition can be in SQL's logic of three values.
 *
 * @param mayBeTrue  whether it can be true
 * @param mayBeFalse whether it can be false
 * @param mayBeNull  whether it can be null
 */
record Truth(boolean mayBeTrue, boolean mayBeFalse, boolean mayBeNull) {
    static final Truth TRUE = new Truth(true, false, false);
    static final Truth FALSE = new Truth(false, true, false);
    static final Truth NULL = new Truth(false, false, true);
    /** True or false. */
    static final Truth KNOWN = new Truth(true, true, false);
    /** Nothing is known of it. */
    static final Truth ANY = new Truth(true, true, true);

    static Truth of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** Whether it is true for certain, or false. */
    boolean isCertain() {
        return equals(TRUE) || equals(FALSE);
    }

    Truth not() {
        return new Truth(/* mayBeTrue= */ mayBeFalse, /* mayBeFalse= */ mayBeTrue, mayBeNull);
    }

    Truth and(Truth other) {
        boolean isNull = (mayBeNull && (other.mayBeNull || other.mayBeTrue)) || (mayBeTrue && other.mayBeNull);
        return new Truth(mayBeTrue && other.mayBeTrue, mayBeFalse || other.mayBeFalse, isNull);
    }

    Truth or(Truth other) {
        return not().and(other.not()).not();
    }

    /** Whether it is null. */
    Truth isNull() {
        return new Truth(mayBeNull, mayBeTrue || mayBeFalse, false);
    }

    /** Whether it is true, or false; null is neither. */
    Truth is(boolean value) {
        return value ? new Truth(mayBeTrue, mayBeFalse || mayBeNull, false) : not().is(true);
    }
}
