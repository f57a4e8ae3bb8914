package io.github.sequinroutes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.sequinroutes.sequin.Recording;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A bundle with the table of which the recordings of the real server are, and their answers. */
final class Products {
    private Products() {}

    /** The recorded answers with a status, each a byte a character. */
    static List<String> answers(String file, int status) throws IOException {
        return Recording.of(file).stream()
                .filter(recording -> recording.status() == status)
                .map(recording -> new String(recording.wire(), ISO_8859_1))
                .toList();
    }

    /** A bundle that reads from a server of this URL, into a table with the products. */
    static TestBundle bundle(String url, Duration ackWait) throws Exception {
        TestBundle bundle = new TestBundle(ackWait);
        bundle.database().execute("create table products (id bigint primary key, name text, lsn numeric, idx bigint)");
        return bundle.collection("public.products", """
                        insert into products as t (id, name, lsn, idx)
                        values (:#record.id, :#record.name, :#metadata.commit_lsn, :#metadata.commit_idx)
                        on conflict (id) do update set name = excluded.name, lsn = excluded.lsn, idx = excluded.idx
                        where (t.lsn, t.idx) <= (excluded.lsn, excluded.idx)""").set("sequin.url", url).set("sequin.api", "stream");
    }
}
