package io.github.sequinroutes;

/** A record's JSON, made for a test. */
public final class TestRecord {
    private TestRecord() {}

    /** A record of a collection with an ID, a version and data. */
    public static String of(String collection, String id, long version, String data) {
        return of(collection, id, version, false, data);
    }

    /** The same, deleted or not. */
    public static String of(String collection, String id, long version, boolean deleted, String data) {
        return """
                {"collection_id": "%s", "data": %s, "deleted": %s, "id": "%s", "provider": "test",
                 "sync": {"id": "sync-1", "external_id": "acct-1", "metadata": {"tenant": 1}},
                 "updated_idx": %d, "upstream_id": "up-%s",
                 "upstream_created_at": "2026-01-01T00:00:00.000001Z", "upstream_updated_at": null}""".formatted(collection, data, deleted, id, version, id);
    }
}
