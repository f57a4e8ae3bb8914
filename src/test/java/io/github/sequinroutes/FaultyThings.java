package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;

/** The collection {@code test:thing} with one worker, and a table that may refuse or delay what is in its column x. */
final class FaultyThings {
    static final String TEMPLATE = "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v";

    private FaultyThings() {}

    /** A bundle with a table that has these columns beside ID and version; one is x. */
    static TestBundle bundle(Duration lease, String columns) throws Exception {
        TestBundle bundle = new TestBundle(lease);
        bundle.database().execute("create table things (id text primary key, v bigint, " + columns + ")");
        return bundle.collection("test:thing", TEMPLATE).set("sequin.workers", "1");
    }

    /** One whose x is this text. */
    static String thing(String id, String text) {
        return thingOf(id, "\"" + text + "\"");
    }

    /** One whose x is this JSON. */
    static String thingOf(String id, String json) {
        return TestRecord.of("test:thing", id, 1, "{\"x\": " + json + "}");
    }

    /** As many, from good-0000 on, whose x is this text. */
    static String[] things(int count, String text) {
        return thingsOf(count, "\"" + text + "\"");
    }

    /** As many whose x is this JSON. */
    static String[] thingsOf(int count, String json) {
        return IntStream.range(0, count)
                .mapToObj(i -> thingOf("good-%04d".formatted(i), json))
                .toArray(String[]::new);
    }

    /** A record of another collection, which must not suffer. */
    static String customer(int number) {
        return TestRecord.of("stripe:customer", "c" + number, 1, "{}");
    }

    /** Those from one number to before another. */
    static String[] customers(int from, int to) {
        return IntStream.range(from, to).mapToObj(FaultyThings::customer).toArray(String[]::new);
    }

    /** Waits until as many customers are written. */
    static void awaitCustomers(TestBundle bundle, int count, Duration within) {
        await().atMost(within).until(() -> bundle.database()
                .value("select count(*) from stripe.customers")
                .equals(Integer.toString(count)));
    }

    /** Has each insert do this first, in PL/pgSQL. */
    static void trigger(TestBundle bundle, String body) throws Exception {
        trigger(bundle, "insert", body);
    }

    /** Has each event do this first: insert, or insert or update. */
    static void trigger(TestBundle bundle, String event, String body) throws Exception {
        bundle.database().execute("""
                create function act() returns trigger language plpgsql as $$ begin %s return new; end $$;
                create trigger act before %s on things for each row execute function act()""".formatted(body, event));
    }
}
