package io.github.sequinroutes.template;

/** The values of a record, and the types for which they were extracted. */
public final class RecordValues {
    private final DescribedTemplate described;
    private final PathValues values;

    RecordValues(DescribedTemplate described, PathValues values) {
        this.described = described;
        this.values = values;
    }

    DescribedTemplate described() {
        return described;
    }

    PathValues values() {
        return values;
    }
}
