package io.github.sequinroutes.chaos;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** A table of the source that has a replica in the target, of the same name. */
enum RowSubject implements Subject {
    /** An exact replica: deletes are hard, the ledger keeps old versions out. Updates come without large values. */
    PRODUCT("chaos.products", "true"),
    /** The same, with replica identity full: keys change. */
    MEMBER("chaos.members", "true"),
    /** Deletes are soft, the template's where clause keeps old versions out. Updates come without large values. */
    ARTICLE("chaos.articles", "not deleted");

    /** All of them. */
    static final List<RowSubject> ALL = List.of(values());

    private final String table;
    private final String alive;

    RowSubject(String table, String alive) {
        this.table = table;
        this.alive = alive;
    }

    @Override
    public String collection() {
        return table;
    }

    @Override
    public String table() {
        return table;
    }

    @Override
    public String text() {
        return "title";
    }

    @Override
    public String number() {
        return "amount";
    }

    /** The condition of a row of the target that is not deleted. */
    String alive() {
        return alive;
    }

    /** The view that tells what has become of its rows: id, lsn, idx, sound. */
    String view() {
        return "audit." + name().toLowerCase(Locale.ROOT);
    }

    static RowSubject any(Random random) {
        return ALL.get(random.nextInt(ALL.size()));
    }

    static Optional<RowSubject> of(String collection) {
        return ALL.stream().filter(subject -> subject.table.equals(collection)).findFirst();
    }
}
