package io.github.sequinroutes.examples;

import java.util.List;
import java.util.Locale;

/**
 * A worker of Sequin's documents, and what it leaves of the records that {@link WorkersTest} sends: rows of the columns named,
 * after updates followed by whether its two times are still {@link #LONG_AGO}.
 */
enum Worker {
    DRIZZLE(
            "subscription",
            "id, upstream_id, internal_id, updated_idx, stripe_customer_id, plan_id, quantity, metadata",
            "inserted_at",
            "updated_at",
            """
                    a|sub-a|acct-1|1|cus-1|gold|1|{"k": 1}
                    b|sub-b|acct-1|3|cus-2|team|2|{}
                    c|sub-c|~|2745327037|cus-3|gold|3|{}
                    d|sub-d|acct-1|1|cus-4| |4|{}
                    e|sub-e|acct-1|1|~|~|5|~""",
            "f 22P02",
            "a|sub-A|acct-2|2|cus-9|team|9|{\"k\": 2}|t|f",
            "c|sub-c|~|2745327037|cus-3|gold|3|{}|t|f",
            "a|sub-A|acct-3|4|cus-1|gold|4|{}"),
    PRISMA(
            "subscriptions",
            "id, \"upstreamId\", \"internalId\", \"updatedIdx\", \"stripeCustomerId\", \"planId\", quantity, metadata",
            "\"insertedAt\"",
            "\"updatedAt\"",
            DRIZZLE.first,
            "f 22P02",
            DRIZZLE.updated,
            DRIZZLE.sameAgain,
            DRIZZLE.thereAgain),
    TYPEORM(
            "subscription",
            "id, upstream_id, internal_id, updated_idx, stripe_customer_id, plan_id, quantity, metadata",
            "inserted_at",
            "updated_at",
            """
                    a|sub-a|acct-1|1|cus-1|gold|1|{"k":1}
                    b|sub-b|acct-1|3|cus-2|team|2|{}
                    d|sub-d|acct-1|1|cus-4| |4|{}""",
            "c 23502, e 23502, f 22P02",
            "a|sub-a|acct-2|2|cus-9|team|9|{\"k\":2}|t|f",
            null,
            "a|sub-A|acct-3|4|cus-1|gold|4|{}"),
    ECTO(
            "stripe.subscriptions",
            "id, upstream_id, internal_id, updated_idx, customer_id, plan_id, quantity, upstream_created_at,"
                    + " upstream_updated_at",
            "inserted_at",
            "updated_at",
            """
                    a|sub-a|a|1|cus-1|gold|1|2026-01-01 02:00:00|2026-02-03 04:05:06
                    b|sub-b|b|3|cus-2|team|2|2026-01-01 02:00:00|2026-02-03 04:05:06
                    c|sub-c|c|2745327037|cus-3|gold|3|2026-01-01 02:00:00|2026-02-03 04:05:06""",
            "d 23502, e 23502, f 22P02",
            "a|sub-a|a|2|cus-9|team|9|2026-01-01 02:00:00|2026-02-03 04:05:06|t|f",
            "c|sub-c|c|2745327037|cus-3|gold|3|2026-01-01 02:00:00|2026-02-03 04:05:06|t|f",
            "a|sub-A|a|4|cus-1|gold|4|2026-01-01 02:00:00|2026-02-03 04:05:06"),
    ACTIVE_RECORD(
            "subscriptions",
            "id, upstream_id, internal_id, updated_idx, stripe_customer_id, plan_id, quantity, upstream_created_at,"
                    + " upstream_updated_at",
            "created_at",
            "updated_at",
            """
                    a|sub-a|acct-1|1|cus-1|gold|1|2026-01-01 00:00:00|2026-02-03 04:05:06.789012
                    b|sub-b|acct-1|3|cus-2|team|2|2026-01-01 00:00:00|2026-02-03 04:05:06.789012
                    c|sub-c|~|2745327037|cus-3|gold|3|2026-01-01 00:00:00|2026-02-03 04:05:06.789012
                    d|sub-d|acct-1|1|cus-4| |4|2026-01-01 00:00:00|2026-02-03 04:05:06.789012
                    e|sub-e|acct-1|1|~|~|5|2026-01-01 00:00:00|2026-02-03 04:05:06.789012""",
            "f 22P02",
            "a|sub-A|acct-2|2|cus-9|team|9|2026-01-01 00:00:00|2026-02-03 04:05:06.789012|t|f",
            // nothing of it has changed, so Rails leaves updated_at
            "c|sub-c|~|2745327037|cus-3|gold|3|2026-01-01 00:00:00|2026-02-03 04:05:06.789012|t|t",
            "a|sub-A|acct-3|4|cus-1|gold|4|2026-01-01 00:00:00|2026-02-03 04:05:06.789012");

    /** When all rows were written, as far as the table says, before they are written again. */
    static final String LONG_AGO = "'2020-01-01'";

    final String table;
    final String columns;
    final String inserted;
    final String refreshed;
    private final String first;
    final String deadLetters;
    final String updated;
    final String sameAgain;
    final String thereAgain;

    Worker(
            String table,
            String columns,
            String inserted,
            String refreshed,
            String first,
            String deadLetters,
            String updated,
            String sameAgain,
            String thereAgain) {
        this.table = table;
        this.columns = columns;
        this.inserted = inserted;
        this.refreshed = refreshed;
        this.first = first;
        this.deadLetters = deadLetters;
        this.updated = updated;
        this.sameAgain = sameAgain;
        this.thereAgain = thereAgain;
    }

    String folder() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    List<String> first() {
        return first.lines().toList();
    }

    String rows() {
        return "select " + columns + " from " + table + " order by id";
    }

    String rowsWithTimes() {
        return "select %s, %s = %s, %s = %s from %s order by id"
                .formatted(columns, inserted, LONG_AGO, refreshed, LONG_AGO, table);
    }
}
