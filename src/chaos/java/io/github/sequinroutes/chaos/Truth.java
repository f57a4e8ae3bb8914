package io.github.sequinroutes.chaos;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What has been offered, and so what must be found in the end. Used by one thread at a time. */
final class Truth {
    private final Map<RecordSubject, Map<String, Sample>> newest = new EnumMap<>(RecordSubject.class);
    private final Map<String, Sample> poison = new HashMap<>();

    Truth() {
        for (RecordSubject subject : RecordSubject.values()) {
            newest.put(subject, new HashMap<>());
        }
    }

    /** Notes that a record is offered. */
    void offered(Sample sample) {
        if (sample.poison() != null) {
            poison.put(sample.json(), sample);
        } else {
            newest.get(sample.subject())
                    .merge(sample.id(), sample, (known, other) -> known.version() < other.version() ? other : known);
        }
    }

    /** The newest good version of each record of a collection, by ID. */
    Map<String, Sample> newest(RecordSubject subject) {
        return newest.get(subject);
    }

    /** All that is poison, by its JSON. */
    Map<String, Sample> poison() {
        return poison;
    }
}
