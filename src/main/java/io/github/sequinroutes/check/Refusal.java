package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.template.TemplateRefusedException;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what to do about a template that PostgreSQL refuses. */
final class Refusal {
    static final String SYNTAX = "42601";
    static final String NO_TARGET = "42P10";
    static final String NO_COLUMN = "42703";
    static final String GENERATED = "428C9";
    /** A parameter that can be of any type. */
    private static final String NO_TYPE = "42P18";

    /** How PostgreSQL 12 says the same, without a state of its own. */
    private static final Pattern GENERATED_OF_12 =
            Pattern.compile("cannot insert into column|column .* can only be updated to DEFAULT");

    private static final Pattern PARAMETER = Pattern.compile("\\$([1-9]\\d{0,4})");

    private final SqlStatement statement;
    private final TargetTable table;
    private final Connection connection;
    private final KnownNames names;
    private final TemplateRefusedException refused;
    private final int token;

    private final Habits habits;

    /** The table is that which the template writes, or null. */
    Refusal(
            Connection connection,
            SqlStatement statement,
            TargetTable table,
            Paths paths,
            TemplateRefusedException refused) {
        this.connection = connection;
        this.statement = statement;
        this.table = table;
        this.refused = refused;
        names = new KnownNames(connection);
        habits = new Habits(statement, paths);
        token = statement.tokenAt(refused.position());
    }

    /** Reports why, and what to do. */
    void report(Findings findings) throws SQLException {
        String state = refused.getSQLState();
        ColumnCheck columns = table == null ? null : new ColumnCheck(statement, table, findings);
        boolean isExplained = columns != null
                && ((state.equals(NO_TARGET) && new ConflictCheck(statement, table, findings).explain())
                        || (isOfGenerated() && columns.generated())
                        || (Set.of("42804", "42702").contains(state)
                                && new AssignmentCheck(statement, table, findings).run())
                        || (state.equals(NO_COLUMN) && columns.unknown() && statement.name(token) == null));
        if (isExplained) {
            return;
        }
        String advice = advice();
        String counts = columns == null || !state.equals(SYNTAX) ? null : columns.counts();
        if (advice.isEmpty() && counts != null) {
            advice = counts;
        } else if (advice.isEmpty() && state.equals(MissingGrants.NOT_ALLOWED)) {
            advice = MissingGrants.advice(connection, List.of(statement.template()), refused.reason());
        }
        findings.error(position(), withPaths() + " (SQLSTATE " + state + ")" + advice);
    }

    /** The server's words, with paths instead of the numbers of parameters. */
    private String withPaths() {
        return PARAMETER.matcher(refused.reason()).replaceAll(found -> {
            TemplateToken path = path(found.group(1));
            return Matcher.quoteReplacement(path == null ? found.group() : path.text());
        });
    }

    /** The first path that they name, or null. */
    private TemplateToken path() {
        Matcher parameter = PARAMETER.matcher(refused.reason());
        return parameter.find() ? path(parameter.group(1)) : null;
    }

    private TemplateToken path(String number) {
        return statement.tokens().stream()
                .filter(token -> token.path() != null)
                .skip(Integer.parseInt(number) - 1L)
                .findFirst()
                .orElse(null);
    }

    private String advice() throws SQLException {
        String brackets = refused.getSQLState().equals(SYNTAX) ? new Brackets(statement).advice() : "";
        if (!brackets.isEmpty()) {
            return brackets;
        }
        boolean isOfWords = List.of(SYNTAX, NO_COLUMN, "42P01", "42883").contains(refused.getSQLState());
        String habit =
                isOfWords && (refused.position() > 0 || refused.getSQLState().equals(SYNTAX))
                        ? habits.advice(token)
                        : "";
        if (!habit.isEmpty()) {
            return habit;
        }
        String advice =
                switch (refused.getSQLState()) {
                    case "42P01" -> table();
                    case NO_COLUMN -> column();
                    case "42883", "42725" -> unknown();
                    case "42704" -> object();
                    case "42702" -> ambiguous();
                    case SYNTAX -> new SyntaxAdvice(statement, table, token).syntax();
                    case "42804" -> new CastAdvice(statement, refused.reason()).text(token);
                    case NO_TYPE ->
                        "; give the path a type, such as " + (path() == null ? ":#data.name" : path().text())
                                + "::text";
                    case "55000" ->
                        "; name columns with a unique index that cannot be deferred, or make the constraint"
                                + " not deferrable";
                    default -> "";
                };
        return advice.isEmpty() && refused.hint() != null ? "; " + refused.hint() : advice;
    }

    private List<String> namesAt() {
        List<String> parts = new ArrayList<>();
        for (int at = token; statement.name(at) != null && (at == token || statement.is(at - 1, ".")); at += 2) {
            parts.add(statement.name(at));
        }
        return parts;
    }

    private String table() throws SQLException {
        List<String> parts = namesAt();
        if (parts.isEmpty()) {
            return "";
        }
        boolean isColumn = token > statement.target().to() && parts.size() > 1 && isBeforeColumn();
        boolean isOfKey = statement.conflict() != null
                && token > statement.conflict().target()
                && token < statement.conflict().action();
        if (isColumn && isOfKey) {
            return "; a where before do update only says which index is meant: write the guard behind all that is set";
        }
        if (isColumn && !statement.targetName().isEmpty()) {
            return "; the row that is there is called " + statement.qualifier() + ", and the new one excluded: write "
                    + statement.qualifier() + "." + parts.get(parts.size() - 1) + " or excluded."
                    + parts.get(parts.size() - 1);
        }
        String hint = names.table(parts);
        return hint.isEmpty() ? "; create the table first, or correct its name" : hint;
    }

    /** Whether names there are those of a column in an expression: a table's stand behind other words. */
    private boolean isBeforeColumn() {
        return List.of("from", "join", "using", "into", "update").stream()
                .noneMatch(word -> statement.is(token - 1, word));
    }

    private String column() {
        List<String> parts = namesAt();
        if (table == null || parts.isEmpty()) {
            return "";
        }
        boolean isSet = parts.size() == 2
                && (statement.is(token - 1, "set") || statement.is(token - 1, ","))
                && refused.reason().contains("\"" + parts.get(0) + "\" of relation");
        if (isSet) {
            return "; a column that is set has no table before it: write " + parts.get(1);
        }
        String text = statement.text(token);
        boolean isText = text.startsWith("\"") && parts.size() == 1;
        return isText && Nearest.hint(parts.get(0), table.columnNames()).isEmpty()
                ? "; a text stands in single quotes: '" + parts.get(0) + "'"
                : UnknownColumns.hint(table, parts.get(parts.size() - 1));
    }

    /** An operator or a function. */
    private String unknown() throws SQLException {
        String operator = ForeignWords.operator(statement, token, refused.reason());
        if (operator != null) {
            return operator;
        }
        List<String> parts = namesAt();
        String own = parts.isEmpty() ? null : ForeignWords.function(parts.get(parts.size() - 1));
        if (own != null) {
            return "; PostgreSQL has " + own + " for this";
        }
        if (parts.size() != 1) {
            return "";
        }
        String hint = names.function(parts.get(0));
        return hint == null ? "" : hint.isEmpty() ? "; create the function first, or correct its name" : hint;
    }

    private String object() throws SQLException {
        int constraint =
                statement.conflict() == null ? -1 : statement.conflict().constraint();
        if (constraint >= 0
                && statement.name(constraint) != null
                && refused.reason().contains('"' + statement.name(constraint) + '"')) {
            return names.constraint(statement.targetName(), statement.name(constraint));
        }
        if (refused.reason().startsWith("operator class")) {
            return "; a comma stands between two columns";
        }
        List<String> parts = namesAt();
        return parts.size() == 1 ? names.type(parts.get(0)) : "";
    }

    private String ambiguous() {
        List<String> parts = namesAt();
        return parts.size() != 1 || !statement.isUpsert()
                ? ""
                : "; write " + statement.qualifier() + "." + parts.get(0) + " for the row that is there, or excluded."
                        + parts.get(0) + " for the new one";
    }

    /** Whether it is for a value of a column that PostgreSQL computes. */
    private boolean isOfGenerated() {
        return refused.getSQLState().equals(GENERATED)
                || (refused.getSQLState().equals(SYNTAX)
                        && GENERATED_OF_12.matcher(refused.getMessage()).find());
    }

    /** Where the problem stands in the file. */
    private int position() {
        boolean isWhole = refused.position() == 0;
        if (isWhole && statement.conflict() != null && refused.getSQLState().equals("42704")) {
            return statement.position(ofConflict());
        } else if (isWhole
                && statement.conflict() != null
                && refused.getSQLState().equals("55000")) {
            return statement.position(statement.conflict().target());
        } else if (isWhole
                && refused.getSQLState().equals(MissingGrants.NOT_ALLOWED)
                && statement.target().to() > 0) {
            return statement.position(statement.target().from());
        } else if (isWhole && refused.getSQLState().equals(NO_TYPE) && path() != null) {
            return path().start();
        }
        return isWhole ? statement.position(0) : refused.position();
    }

    /** What on conflict names and the server does not know: a constraint, or what it takes for the operators of a column. */
    private int ofConflict() {
        int at = statement.conflict().constraint();
        for (int i = statement.conflict().target();
                at < 0 && i < statement.conflict().action();
                i++) {
            at = statement.name(i) != null && refused.reason().contains('"' + statement.name(i) + '"') ? i : -1;
        }
        return at < 0 ? statement.conflict().target() : at;
    }
}
