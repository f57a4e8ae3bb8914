package io.github.sequinroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.IntStream;

/** The collection {@code test:thing} and its table, for tests in which the records do not matter. */
final class Things {
    static final String COUNT = "select count(*) from things";

    private static final String TEMPLATE = """
            insert into things as t (id, v, deleted, value) values (:#id, :#updated_idx, :#deleted, :#data.value)
            on conflict (id) do update set v = excluded.v, deleted = excluded.deleted, value = excluded.value""";

    private Things() {}

    /** Adds them, with the template's guard. */
    static TestBundle guardedByTheTemplate(TestBundle bundle) throws IOException, SQLException {
        bundle.database().execute("create table things (id text primary key, v bigint, deleted boolean, value text)");
        return guardedAgain(bundle);
    }

    /** Writes their files again, as they were. */
    static TestBundle guardedAgain(TestBundle bundle) throws IOException {
        return bundle.collection("test:thing", TEMPLATE + " where t.v <= excluded.v");
    }

    /** Adds them, with hard deletes and so with the ledger. */
    static TestBundle guardedByTheLedger(TestBundle bundle) throws IOException, SQLException {
        guardedByTheTemplate(bundle).collection("test:thing", TEMPLATE);
        addParameter(bundle, "test-thing", "delete", "thing.delete.sql");
        Path collections = bundle.routes().resolve("collections");
        Files.writeString(collections.resolve("thing.delete.sql"), "delete from things where id = :#id");
        return bundle;
    }

    /** Adds them, guarded one way or the other. */
    static TestBundle guarded(TestBundle bundle, boolean ledger) throws IOException, SQLException {
        return ledger ? guardedByTheLedger(bundle) : guardedByTheTemplate(bundle);
    }

    /** Adds a parameter to a collection's route. */
    static void addParameter(TestBundle bundle, String route, String name, String value) throws IOException {
        Path file = bundle.routes().resolve("collections/" + route + ".camel.yaml");
        String parameter = "      - name: %s%n        value: %s%n".formatted(name, value);
        Files.writeString(file, Files.readString(file) + parameter);
    }

    /** A version of one. */
    static String thing(Object id, long version) {
        return TestRecord.of("test:thing", "thing-" + id, version, "{\"value\": \"" + version + "\"}");
    }

    /** The first version of {@code count} things. */
    static String[] things(int count) {
        return IntStream.range(0, count).mapToObj(i -> thing(i, 1)).toArray(String[]::new);
    }
}
