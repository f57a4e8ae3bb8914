package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Checks the templates of collections against the live schema, and writes nothing. */
public final class TemplateChecks {
    /** A lock was waited for as long as the connection allows, or a statement was. */
    private static final Set<String> LOCKED = Set.of("55P03", "57014");

    private static final AtomicBoolean LOADING = new AtomicBoolean();
    private static final String SAMPLE =
            "update t set a = :#a where t.id = :#id and (t.a is null or t.a <= coalesce(:#a, 0))";

    /** At start so many can be tried, besides read. */
    private static final int TRIED_AT_ONCE = 20;

    private final Connection connection;
    private final boolean skipsLocked;
    private final boolean triesAll;
    private final TableReader tables;
    private final PathTypes types;
    private final Map<Long, String> writers = new HashMap<>();
    private final SharedTables shared = new SharedTables();

    /** Begins to load the parser, once: that takes half a second, in which the caller can do something else. */
    public static void load() {
        if (LOADING.compareAndSet(false, true)) {
            SqlStatement sample = StatementReader.read(new Template("sample.sql", SAMPLE));
            Thread loading = new Thread(() -> ParsedExpression.of(sample, sample.where()), "check-loading");
            loading.setDaemon(true);
            loading.start();
        }
    }

    private TemplateChecks(Connection connection, boolean skipsLocked, boolean triesAll) {
        this.connection = connection;
        this.skipsLocked = skipsLocked;
        this.triesAll = triesAll;
        tables = new TableReader(connection);
        types = new PathTypes(connection);
    }

    /**
     * All problems of all templates, sorted by file and place. Errors stop a collection, or make its table wrong. That a table
     * is locked is an error of its template, which nobody can judge.
     *
     * @param connection  to the database of the tables; in a transaction, or not: it stays as it was
     * @param collections all those of a bundle, because some checks are about two of them
     * @throws SQLException if the database does not answer
     */
    public static List<Problem> check(Connection connection, List<CheckedCollection> collections) throws SQLException {
        return check(connection, collections, false);
    }

    /**
     * The same.
     *
     * @param triesAll whether templates are also tried with made-up records where there are many of them, however long it takes
     * @throws SQLException if the database does not answer
     */
    public static List<Problem> check(Connection connection, List<CheckedCollection> collections, boolean triesAll)
            throws SQLException {
        Set<Problem> problems = new LinkedHashSet<>();
        new TemplateChecks(connection, true, triesAll).check(collections, problems::addAll);
        return problems.stream().sorted().toList();
    }

    /**
     * The same, told template by template: what has been found before the database no longer answers, or before a table that
     * somebody has locked, is known all the same.
     *
     * @throws SQLException if the database does not answer, or a table is locked
     */
    public static void check(Connection connection, List<CheckedCollection> collections, Consumer<List<Problem>> found)
            throws SQLException {
        new TemplateChecks(connection, false, false).check(collections, found);
    }

    /**
     * What is wrong with a template whatever the tables are: characters that nobody sees, the placeholders of other tools, and
     * paths that no message has. All else needs a database.
     *
     * @param hasSteps whether its route has steps of its own, which may add fields to the records
     * @param format   how the API lays out the messages
     */
    public static List<Problem> ofText(Template template, boolean hasSteps, MessageFormat format) {
        SqlStatement statement = StatementReader.read(template);
        Paths paths = new Paths(format);
        Findings findings = new Findings(template);
        new InvisibleCheck(template, findings).run();
        new SpellingCheck(statement, paths, findings).run();
        Habits habits = new Habits(statement, paths);
        for (int at = 0; at < statement.tokens().size(); at++) {
            String advice = habits.certain(at);
            if (advice != null) {
                findings.error(statement.position(at), "PostgreSQL does not take this; " + advice);
                break; // of a row of characters each would be one
            }
        }
        PathCheck.run(statement, paths, hasSteps, findings);
        return findings.problems(false);
    }

    private void check(List<CheckedCollection> collections, Consumer<List<Problem>> found) throws SQLException {
        List<CheckedCollection> open = new ArrayList<>();
        for (CheckedCollection collection : collections) {
            if (unlessLocked(collection, found, () -> readTable(collection))) {
                open.add(collection);
            }
        }
        boolean tries = triesAll || collections.size() <= TRIED_AT_ONCE;
        for (CheckedCollection collection : open) {
            unlessLocked(collection, found, () -> check(collection, tries, found));
        }
    }

    private void check(CheckedCollection collection, boolean tries, Consumer<List<Problem>> found) throws SQLException {
        TemplateCheck upsert = new TemplateCheck(connection, tables, collection, null);
        upsert.run(writers, shared);
        TemplateCheck delete =
                collection.delete() == null ? null : new TemplateCheck(connection, tables, collection, upsert);
        if (delete != null) {
            delete.run(writers, shared);
        }
        try {
            if (tries) {
                tryOut(collection, upsert, delete);
            }
        } finally {
            found.accept(upsert.problems());
            if (delete != null) {
                found.accept(delete.problems());
            }
        }
    }

    /** What they do is tried where what one of them says looks right. */
    private void tryOut(CheckedCollection collection, TemplateCheck upsert, TemplateCheck delete) throws SQLException {
        TargetTable table = upsert.table();
        boolean isOfTable = table != null
                && delete != null
                && delete.table() != null
                && delete.table().id() == table.id();
        Findings ofDelete = isOfTable ? delete.tried() : null;
        boolean canBeTried = table != null && upsert.isTaken() && (!isOfTable || delete.isTaken());
        if (canBeTried && (upsert.tried() != null || ofDelete != null)) {
            new BehaviourCheck(connection, tables, types, collection, table, shared.othersInsert(collection, table))
                    .run(upsert.statement(), isOfTable ? delete.statement() : null, upsert.tried(), ofDelete);
        }
    }

    private void readTable(CheckedCollection collection) throws SQLException {
        SqlStatement statement = StatementReader.read(collection.upsert());
        TargetTable table = tables.read(statement);
        if (table != null) {
            shared.add(collection, statement, table);
            writers.putIfAbsent(table.id(), collection.id());
        }
    }

    private interface Step {
        void take() throws SQLException;
    }

    /** Takes a step for a collection, and reports it as unchecked if its table is locked, or may not be read: the others are checked. */
    private boolean unlessLocked(CheckedCollection collection, Consumer<List<Problem>> found, Step step)
            throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try {
            step.take();
            return true;
        } catch (SQLException e) {
            boolean isLocked = skipsLocked && LOCKED.contains(String.valueOf(e.getSQLState()));
            boolean isNotAllowed = MissingGrants.NOT_ALLOWED.equals(e.getSQLState());
            if (!isLocked && !isNotAllowed) {
                throw e;
            }
            if (before != null) {
                connection.rollback(before);
            }

            String text;
            if (isNotAllowed) { // to look at what it writes: whether it may write that, has been found
                String denied = Failures.describe(e);
                text = "is not checked any further: " + denied
                        + MissingGrants.advice(connection, List.of(collection.upsert()), denied);
            } else {
                text = "is not checked, since its table is locked (SQLSTATE " + e.getSQLState()
                        + "); end the transaction that holds the lock";
            }
            found.accept(List.of(collection.upsert().problemAt(0, isNotAllowed, text)));
            return false;
        }
    }
}
