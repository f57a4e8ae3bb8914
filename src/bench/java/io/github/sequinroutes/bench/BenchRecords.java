package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SampleRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The records of a run, the same in each: a third of them are updates of earlier ones. */
final class BenchRecords {
    private BenchRecords() {}

    static List<String> of(int count) {
        SampleRecords samples = new SampleRecords(7);
        Random random = new Random(7);
        List<String> records = new ArrayList<>(count);
        int keys = 0;
        for (int i = 0; i < count; i++) {
            int key = i % 3 == 2 ? random.nextInt(keys) : keys++;
            records.add(samples.record(key, i).toString());
        }
        return records;
    }
}
