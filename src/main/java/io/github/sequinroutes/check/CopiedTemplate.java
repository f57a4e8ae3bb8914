package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Conflict;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Writes a template anew for another table than its own, as far as its tokens tell where that one is named. */
final class CopiedTemplate {
    private static final List<String> BEFORE_TABLES =
            List.of("from", "join", "using", "into", "update", "only", "table");
    /** In whose brackets {@code from} names no table. */
    private static final List<String> WITH_FROM = List.of("extract", "substring", "trim", "overlay");

    private final SqlStatement statement;
    private final TargetTable table;
    private final List<TemplateToken> tokens;
    private final Set<String> parts = new HashSet<>();
    /** What is written in place of the text that begins and ends there. */
    private final TreeMap<Integer, Edit> edits = new TreeMap<>();

    private record Edit(int end, String text) {}

    private CopiedTemplate(SqlStatement statement, TargetTable table) {
        this.statement = statement;
        this.table = table;
        tokens = statement.tokens();
        WithPart.of(statement).forEach(part -> parts.add(part.name()));
    }

    /** The template of a statement, for a table of this name; null if it reads others, or itself, or is of another kind. */
    static Template of(SqlStatement statement, TargetTable table, String name) {
        boolean isKnown = Set.of(Verb.INSERT, Verb.UPDATE, Verb.DELETE).contains(statement.verb())
                && !statement.isCompound()
                && statement.target().to() > statement.target().from();
        CopiedTemplate copied = new CopiedTemplate(statement, table);
        return isKnown && copied.rename(name) && copied.nameConflict() ? copied.template() : null;
    }

    private boolean rename(String name) {
        Range target = statement.target();
        List<String> parts = statement.targetName();
        String last = parts.get(parts.size() - 1);
        edit(target.from(), target.to(), name + (statement.alias() == null ? " as " + SqlNames.quoted(last) : ""));
        for (int i = 0; i < tokens.size(); i++) {
            if (i >= target.from() && i < target.to()) {
                continue;
            }
            boolean isQualifier = is(i + 1, ".");
            if (readsTable(i)) {
                return false;
            } else if (last.equals(tokens.get(i).name()) && is(i - 1, ".") && isQualifier) {
                int from = i;
                while (is(from - 1, ".") && from >= 2) {
                    from -= 2;
                }
                edits.put(tokens.get(from).start(), new Edit(tokens.get(i).start(), ""));
            }
        }
        return true;
    }

    /** Whether a table other than the target is named behind this token. */
    private boolean readsTable(int token) {
        boolean isBefore = BEFORE_TABLES.stream().anyMatch(word -> is(token, word))
                || (is(token, ",")
                        && token > statement.source().from()
                        && token < statement.source().to());
        boolean isOther = (is(token, "from") && (is(token - 1, "distinct") || isOfFunction(token)))
                || (is(token, "update") && is(token - 1, "do"));
        int next = is(token + 1, "lateral") || is(token + 1, "only") ? token + 2 : token + 1;
        if (!isBefore || isOther || next == statement.target().from() || next >= tokens.size()) {
            return false;
        }
        int end = next + 1;
        while (is(end, ".")) {
            end += 2;
        }
        String name = tokens.get(next).name();
        return name != null && !is(end, "(") && !(end == next + 1 && parts.contains(name));
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
                                "("
                                        + String.join(
                                                ", ",
                                                index.columns().stream()
                                                        .map(SqlNames::quoted)
                                                        .toList()) + ")"))
                        .count()
                > 0;
    }

    private boolean is(int token, String keyword) {
        return token >= 0 && token < tokens.size() && tokens.get(token).is(keyword);
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
