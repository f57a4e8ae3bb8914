package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 21: what becomes of times that not every calendar knows. */
@Tag("postgres")
class OddTimesTest {
    /** Times, and what PostgreSQL makes of them or the SQLSTATE of their refusal. */
    private static final List<String> TIMES = List.of(
            "infinity", "infinity",
            "-infinity", "-infinity",
            "epoch", "1970-01-01 00:00:00+00",
            "0044-03-15 12:00:00 BC", "0044-03-15 12:00:00+00 BC",
            "-0044-03-15T12:00:00Z", "22009",
            "0000-01-01T00:00:00Z", "22008",
            "9999-12-31T23:59:59Z", "9999-12-31 23:59:59+00",
            "294277-01-01T00:00:00Z", "22008",
            "2016-12-31T23:59:60Z", "2017-01-01 00:00:00+00",
            "2016-12-31T23:59:61Z", "22008",
            "2026-01-01T24:00:00Z", "2026-01-02 00:00:00+00",
            "2026-01-01T00:00:00.123456789Z", "2026-01-01 00:00:00.123457+00",
            "2026-01-01T00:00:00", "2026-01-01 00:00:00+00",
            "2026-03-29T02:30:00", "2026-03-29 02:30:00+00",
            // there is no such time of day in Berlin, and the next one is there twice
            "2026-03-29 02:30:00 Europe/Berlin", "2026-03-29 01:30:00+00",
            "2026-10-25 02:30:00 Europe/Berlin", "2026-10-25 01:30:00+00",
            "2026-01-01T00:00:00+14:00", "2025-12-31 10:00:00+00",
            "2026-01-01T00:00:00+99:00", "22009",
            "2026-01-01T00:00:00 Nowhere/City", "22023",
            "1700000000", "22008",
            "", "22007");

    @Test
    void timesAreReadAsPostgresReadsThem() throws Exception {
        List<String> expected = new ArrayList<>();
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table times (id text primary key, at timestamptz)");
            bundle.collection(
                    "test:time",
                    "insert into times (id, at) values (:#id, :#data.at)"
                            + " on conflict (id) do update set at = excluded.at");
            for (int i = 0; i < TIMES.size(); i += 2) {
                bundle.offer(TestRecord.of("test:time", TIMES.get(i), 1, "{\"at\": \"" + TIMES.get(i) + "\"}")
                        .replace("\"id\": \"\"", "\"id\": \"empty\""));
                expected.add((TIMES.get(i).isEmpty() ? "empty" : TIMES.get(i)) + "|" + TIMES.get(i + 1));
            }
            bundle.start().awaitDrained();
            assertEquals(
                    String.join("\n", expected.stream().sorted().toList()),
                    String.join(
                            "\n",
                            bundle
                                    .database()
                                    .rows("select id, at::text from times union all"
                                            + " select record_id, sqlstate from sequin.dead_letters")
                                    .stream()
                                    .sorted()
                                    .toList()));
        }
    }
}
