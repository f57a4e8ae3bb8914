package io.github.sequinroutes.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** A collection whose records are made, written and audited. */
enum Subject {
    /** Shipped; deletes are soft, the template's where clause keeps old versions out. */
    CUSTOMER("stripe:customer", "stripe.customers", "name", "balance", null, false),
    /** Likewise. */
    SUBSCRIPTION("stripe:subscription", "stripe.subscriptions", "status", "quantity", null, false),
    /** Deletes are hard, so the ledger keeps old versions out. */
    ORDER("chaos:order", "chaos.orders", "title", "amount", "seal", true),
    /** Deletes are soft, but there is no version column: the ledger keeps old versions out. */
    NOTE("chaos:note", "chaos.notes", "title", "amount", null, true);

    private static final List<Subject> ALL = List.of(values());

    /** The collection ID. */
    final String collection;
    /** The table. */
    final String table;
    /** Where the text is, as a field of the data and as a column. */
    final String text;
    /** Where the number is, as a field of the data and as a column. */
    final String number;
    /** Where something binary is, or null. */
    final String binary;
    /** Whether the text must not be null. */
    final boolean textRequired;

    Subject(String collection, String table, String text, String number, String binary, boolean textRequired) {
        this.collection = collection;
        this.table = table;
        this.text = text;
        this.number = number;
        this.binary = binary;
        this.textRequired = textRequired;
    }

    /** The view that tells what has become of its records: id, version, deleted, sound, content. */
    String view() {
        return "audit." + name().toLowerCase(Locale.ROOT);
    }

    static Subject any(Random random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    static Optional<Subject> of(String collection) {
        return Arrays.stream(values())
                .filter(subject -> subject.collection.equals(collection))
                .findFirst();
    }
}
