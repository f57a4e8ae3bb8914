package io.github.sequinroutes.check;

import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A template of a corpus, and what is to be found in it.
 *
 * @param name     what it is about
 * @param flags    {@code stream}, {@code ledger}, {@code delete}, and {@code merge} for what PostgreSQL 14 does not have
 * @param sql      the template
 * @param upsert   the upsert template that a delete template goes with, or null for the usual one
 * @param expected each problem as {@code line:column: text}
 */
public record CheckCase(String name, List<String> flags, String sql, String upsert, List<String> expected) {
    private static final String MARK = "¦";
    private static final String CONSUME_UPSERT =
            "insert into acme.orders as t (id, updated_idx, deleted) values (:#id, :#updated_idx, :#deleted)"
                    + " on conflict (id) do update set deleted = excluded.deleted";
    private static final String STREAM_UPSERT =
            "insert into cms.articles (id, headline) values (:#record.id, :#record.title)"
                    + " on conflict (id) do update set headline = excluded.headline";

    /**
     * The cases of a file: a line with {@code ==}, the template with a mark at each place, a line for each
     * problem with {@code !}, the upsert template with {@code +}, and its problems with {@code +!}.
     */
    public static List<CheckCase> read(String corpus) {
        return Stream.of(corpus.split("(?m)^== ", -1))
                .skip(1)
                .map(CheckCase::one)
                .toList();
    }

    private static CheckCase one(String text) {
        String[] head = text.substring(0, text.indexOf('\n')).split(" \\| ", -1);
        List<String> lines = text.substring(text.indexOf('\n') + 1).lines().toList();
        String sql =
                lines.stream().filter(line -> !line.matches("([!+]|\\+!) .*")).collect(Collectors.joining("\n"));
        String upsert = String.join("\n", after("+ ", lines));
        List<String> expected = new ArrayList<>(placed(sql, after("! ", lines)));
        placed(upsert, after("+! ", lines)).forEach(problem -> expected.add("upsert.sql:" + problem));
        List<String> flags = head.length > 1 ? List.of(head[1].split(" ", -1)) : List.of();
        return new CheckCase(
                head[0], flags, sql.replace(MARK, ""), upsert.isEmpty() ? null : upsert.replace(MARK, ""), expected);
    }

    /** Problems with the places at which a template has its marks. */
    private static List<String> placed(String marked, List<String> texts) {
        List<String> placed = new ArrayList<>();
        String sql = marked;
        for (String problem : texts) {
            int at = sql.indexOf(MARK);
            String before = sql.substring(0, Math.max(0, at));
            sql = before + sql.substring(at + 1);
            long line = 1 + before.chars().filter(c -> c == '\n').count();
            placed.add(line + ":" + (at - before.lastIndexOf('\n')) + ": " + problem);
        }
        return placed;
    }

    private static List<String> after(String mark, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(mark))
                .map(line -> line.substring(mark.length()))
                .toList();
    }

    /** Whether it has this flag. */
    public boolean has(String flag) {
        return flags.contains(flag);
    }

    /** As the check gets it. */
    CheckedCollection collection() {
        Template template = new Template("t.sql", sql);
        String usual = has("stream") ? STREAM_UPSERT : CONSUME_UPSERT;
        return new CheckedCollection(
                "acme:case",
                has("delete") ? new Template("upsert.sql", upsert == null ? usual : upsert) : template,
                has("delete") ? template : null,
                has("ledger"),
                false,
                SequinApi.of(has("stream") ? "stream" : "consume").format(),
                Set.of("acme:case"));
    }

    @Override
    public String toString() {
        return name;
    }
}
