package io.github.sequinroutes.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** A collection whose records are made, written and audited. */
enum RecordSubject implements Subject {
    /** Shipped; deletes are soft, the template's where clause keeps old versions out. */
    CUSTOMER("stripe:customer", "stripe.customers", "name", "balance", null, false),
    /** Likewise. */
    SUBSCRIPTION("stripe:subscription", "stripe.subscriptions", "status", "quantity", null, false),
    /** Deletes are hard, so the ledger keeps old versions out. */
    ORDER("chaos:order", "chaos.orders", "title", "amount", "seal", true),
    /** Deletes are soft, but there is no version column: the ledger keeps old versions out. */
    NOTE("chaos:note", "chaos.notes", "title", "amount", null, true);

    private static final List<RecordSubject> ALL = List.of(values());

    private final String collection;
    private final String table;
    // as fields of the data and as columns
    private final String text;
    private final String number;
    /** Where something binary is, or null. */
    final String binary;
    /** Whether the text must not be null. */
    final boolean textRequired;

    RecordSubject(String collection, String table, String text, String number, String binary, boolean textRequired) {
        this.collection = collection;
        this.table = table;
        this.text = text;
        this.number = number;
        this.binary = binary;
        this.textRequired = textRequired;
    }

    @Override
    public String collection() {
        return collection;
    }

    @Override
    public String table() {
        return table;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public String number() {
        return number;
    }

    /** The view that tells what has become of its records: id, version, deleted, sound, content. */
    String view() {
        return "audit." + name().toLowerCase(Locale.ROOT);
    }

    static RecordSubject any(Random random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    static Optional<RecordSubject> of(String collection) {
        return Arrays.stream(values())
                .filter(subject -> subject.collection.equals(collection))
                .findFirst();
    }
}
