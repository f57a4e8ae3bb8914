package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Conflict;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a template anew for another table than its own, as far as its tokens tell where that one is named. */
final class CopiedTemplate {
    private static final List<String> BEFORE_TABLES =
            List.of("from", "join", "using", "into", "update", "only", "table");
    /** In whose brackets {@code from} names no table. */
    private static final List<String> WITH_FROM = List.of("extract", "substring", "trim", "overlay");

    /** What the lists of a statement begin with. */
    private static final List<String> BEFORE_LISTS =
            List.of("from", "using", "select", "where", "set", "values", "by", "returning");

    private final SqlStatement statement;
    private final TargetTable table;
    private final List<TemplateToken> tokens;
    private final Set<String> parts = new HashSet<>();
    /** The names of the tables that it writes. */
    private final Set<List<String>> targets = new HashSet<>();
    /** What is written in place of the text that begins and ends there. */
    private final TreeMap<Integer, Edit> edits = new TreeMap<>();

    private record Edit(int end, String text) {}

    private CopiedTemplate(SqlStatement statement, TargetTable table) {
        this.statement = statement;
        this.table = table;
        tokens = statement.tokens();
        WithPart.of(statement).forEach(part -> parts.add(part.name()));
        targets.add(statement.targetName());
    }

    /** The template of a statement, for the copy of its table; null if it names other tables, or is of another kind. */
    static Template of(SqlStatement statement, TargetTable table) {
        return of(statement, table, List.of());
    }

    /** The same, where parts of a {@code with} write other tables, of which there are copies as well. */
    static Template of(SqlStatement statement, TargetTable table, List<SqlStatement> writing) {
        boolean isKnown =
                Set.of(Verb.INSERT, Verb.UPDATE, Verb.DELETE, Verb.MERGE).contains(statement.verb())
                        && statement.target().to() > statement.target().from();
        CopiedTemplate copied = new CopiedTemplate(statement, table);
        writing.forEach(part -> copied.targets.add(part.targetName()));
        return isKnown && copied.rename() && copied.nameConflict() ? copied.template() : null;
    }

    /** The name of the copy: its last part stays, by which the statement knows it. */
    static String name(SqlStatement statement) {
        return name(statement.targetName());
    }

    private static String name(List<String> parts) {
        return "pg_temp." + SqlNames.quoted(parts.get(parts.size() - 1));
    }

    /** Whether a statement names a table of this name, besides that which it writes, or names that twice. */
    static boolean names(SqlStatement statement, List<String> table) {
        CopiedTemplate template = new CopiedTemplate(statement, null);
        return IntStream.range(0, statement.tokens().size())
                .mapToObj(template::tableBehind)
                .anyMatch(name -> name != null && template.name(name).equals(table));
    }

    private boolean rename() {
        Range target = statement.target();
        Set<String> last =
                targets.stream().map(parts -> parts.get(parts.size() - 1)).collect(Collectors.toSet());
        edit(target.from(), target.to(), name(statement));
        for (int i = 0; i < tokens.size(); i++) {
            if (edits.containsKey(tokens.get(i).start())) {
                continue;
            }
            boolean isQualifier = is(i + 1, ".");
            Range other = tableBehind(i);
            if (other != null && !isTarget(other)) {
                return false;
            } else if (other != null) {
                edit(other.from(), other.to(), name(name(other)));
            } else if (tokens.get(i).name() != null
                    && last.contains(tokens.get(i).name())
                    && is(i - 1, ".")
                    && isQualifier) {
                int from = i;
                while (is(from - 1, ".") && from >= 2) {
                    from -= 2;
                }
                edits.put(tokens.get(from).start(), new Edit(tokens.get(i).start(), ""));
            }
        }
        return true;
    }

    /** The name of a table behind this token, but for where the target stands; or null. */
    private Range tableBehind(int token) {
        boolean isBefore = BEFORE_TABLES.stream().anyMatch(word -> is(token, word)) || isBetweenTables(token);
        boolean isOther = (is(token, "from") && (is(token - 1, "distinct") || isOfFunction(token)))
                || (is(token, "update") && (is(token - 1, "do") || is(token - 1, "then")));
        int next = is(token + 1, "lateral") || is(token + 1, "only") ? token + 2 : token + 1;
        if (!isBefore || isOther || next == statement.target().from() || next >= tokens.size()) {
            return null;
        }
        int end = next + 1;
        while (is(end, ".")) {
            end += 2;
        }
        String name = tokens.get(next).name();
        boolean isFunction = is(end, "(") && !is(token, "into");
        boolean isTable = name != null && !isFunction && !(end == next + 1 && parts.contains(name));
        return isTable ? new Range(next, end) : null;
    }

    /** Whether a comma is one of a list of tables; between values, and the names of columns, there are others. */
    private boolean isBetweenTables(int comma) {
        int depth = 0;
        for (int i = comma - 1; is(comma, ",") && i >= 0 && depth >= 0; i--) {
            depth += is(i, ")") ? 1 : is(i, "(") ? -1 : 0;
            int at = i;
            if (depth == 0 && BEFORE_LISTS.stream().anyMatch(word -> is(at, word))) {
                return is(i, "using") || (is(i, "from") && !is(i - 1, "distinct"));
            }
        }
        return false;
    }

    /** Whether a name is that of a target, written the same way. */
    private boolean isTarget(Range name) {
        return targets.contains(name(name));
    }

    private List<String> name(Range name) {
        List<String> parts = new ArrayList<>();
        for (int token = name.from(); token < name.to(); token += 2) {
            parts.add(tokens.get(token).name());
        }
        return parts;
    }

    private boolean isOfFunction(int token) {
        int depth = 0;
        for (int i = token - 1; i > 0; i--) {
            depth += is(i, ")") ? 1 : is(i, "(") ? -1 : 0;
            if (depth < 0) {
                int before = i - 1;
                return WITH_FROM.stream().anyMatch(function -> is(before, function));
            }
        }
        return false;
    }

    /** The constraints of a copy have other names. */
    private boolean nameConflict() {
        Conflict conflict = statement.conflict();
        if (conflict == null || conflict.constraint() < 0) {
            return true;
        }
        String name = statement.name(conflict.constraint());
        return table.indexes().stream()
                        .filter(index ->
                                index.name().equals(name) && !index.columns().contains(null))
                        .peek(index -> edit(
                                conflict.at() + 2,
                                conflict.constraint() + 1,
                                "(" + SqlNames.list(index.columns()) + ")"))
                        .count()
                > 0;
    }

    private boolean is(int token, String keyword) {
        return statement.is(token, keyword);
    }

    private void edit(int from, int to, String text) {
        edits.put(tokens.get(from).start(), new Edit(tokens.get(to - 1).end(), text));
    }

    private Template template() {
        String old = statement.template().text();
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (var edit : edits.entrySet()) {
            text.append(old, at, edit.getKey()).append(edit.getValue().text());
            at = edit.getValue().end();
        }
        return new Template(
                statement.template().file(), text.append(old, at, old.length()).toString());
    }
}
