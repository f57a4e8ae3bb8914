package io.github.sequinroutes.sandbox.replication;

import io.github.sequinroutes.sandbox.replication.RowChange.Action;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the messages of the plugin pgoutput, version 1 of its protocol: one by one, and hands out what they say when a
 * transaction is complete. Not thread-safe.
 */
public final class PgOutputDecoder {
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final Map<Integer, Relation> relations = new HashMap<>();
    private List<RowChange> changes = new ArrayList<>();
    private long commitLsn;
    private Instant committed = POSTGRES_EPOCH;

    /**
     * Reads a message.
     *
     * @return the transaction that it completes, or null
     * @throws IllegalArgumentException if it is none that version 1 has
     */
    public Transaction decode(ByteBuffer message) {
        char kind = (char) message.get();
        switch (kind) {
            case 'B' -> begin(message);
            case 'C' -> {
                return commit(message);
            }
            case 'R' -> relation(message);
            case 'I' -> insert(message);
            case 'U' -> update(message);
            case 'D' -> delete(message);
            case 'T', 'Y', 'O', 'M' -> {
                // truncates, types, origins and logical messages: nothing that the server delivers
            }
            default ->
                throw new IllegalArgumentException("pgoutput sent a message '" + kind + "', which version 1 has not");
        }
        return null;
    }

    private void begin(ByteBuffer message) {
        commitLsn = message.getLong();
        committed = POSTGRES_EPOCH.plus(message.getLong(), ChronoUnit.MICROS);
        changes = new ArrayList<>();
    }

    private Transaction commit(ByteBuffer message) {
        message.get(); // flags
        message.getLong(); // where the commit is: known since the begin
        return new Transaction(commitLsn, message.getLong(), committed, changes);
    }

    private void relation(ByteBuffer message) {
        int oid = message.getInt();
        String schema = string(message);
        String table = string(message);
        boolean hasFullIdentity = message.get() == 'f';
        List<Relation.Column> columns = new ArrayList<>();
        for (int left = message.getShort(); left > 0; left--) {
            boolean isKey = message.get() == 1;
            String name = string(message);
            columns.add(new Relation.Column(name, message.getInt(), isKey));
            message.getInt(); // the type's modifier
        }
        // an empty name is that of pg_catalog
        relations.put(
                oid, new Relation(oid, schema.isEmpty() ? "pg_catalog" : schema, table, hasFullIdentity, columns));
    }

    private void insert(ByteBuffer message) {
        Relation relation = relations.get(message.getInt());
        message.get(); // N
        add(relation, Action.INSERT, tuple(message), null);
    }

    private void update(ByteBuffer message) {
        Relation relation = relations.get(message.getInt());
        char kind = (char) message.get();
        Tuple old = null;
        if (kind != 'N') {
            old = tuple(message);
            message.get(); // N
        }
        // K, an old key, is read and not used: nor does the real server
        add(relation, Action.UPDATE, tuple(message), kind == 'O' ? old : null);
    }

    private void delete(ByteBuffer message) {
        Relation relation = relations.get(message.getInt());
        message.get(); // K or O: what a key lacks is null
        add(relation, Action.DELETE, tuple(message), null);
    }

    private void add(Relation relation, Action action, Tuple row, Tuple old) {
        changes.add(new RowChange(relation, action, row, old, changes.size()));
    }

    private static Tuple tuple(ByteBuffer message) {
        int count = message.getShort();
        List<String> texts = new ArrayList<>(count);
        Set<Integer> unchanged = new HashSet<>();
        for (int i = 0; i < count; i++) {
            switch (message.get()) {
                case 't' -> {
                    byte[] text = new byte[message.getInt()];
                    message.get(text);
                    texts.add(new String(text, StandardCharsets.UTF_8));
                }
                case 'u' -> {
                    unchanged.add(i);
                    texts.add(null);
                }
                default -> texts.add(null);
            }
        }
        return new Tuple(texts, unchanged);
    }

    private static String string(ByteBuffer message) {
        int start = message.position();
        while (message.get() != 0) {
            // to its end
        }
        return new String(
                message.array(), message.arrayOffset() + start, message.position() - start - 1, StandardCharsets.UTF_8);
    }
}
