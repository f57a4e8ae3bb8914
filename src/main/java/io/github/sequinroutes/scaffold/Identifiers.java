package io.github.sequinroutes.scaffold;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Names of the API as PostgreSQL's: in snake case, in quotes only where they need them. */
final class Identifiers {
    private static final int MAX_BYTES = 63;
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern WORD_BEGINS =
            Pattern.compile("(?<=[\\p{Ll}\\p{Nd}])(?=\\p{Lu})" + "|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern AROUND = Pattern.compile("^_+|_+$");

    private final Set<String> keywords;

    /** Names of a server that has these keywords. */
    Identifiers(Set<String> keywords) {
        this.keywords = keywords;
    }

    /** Names of this server. */
    static Identifiers of(Connection connection) throws SQLException {
        Set<String> keywords = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select word from pg_get_keywords() where catcode <> 'U'")) {
            while (row.next()) {
                keywords.add(row.getString(1));
            }
        }
        return new Identifiers(keywords);
    }

    /** A name as SQL. */
    String sql(String name) {
        return PLAIN.matcher(name).matches() && !keywords.contains(name)
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** {@code currentPeriodEnd}, {@code "Current Period: End"} and the like as {@code current_period_end}. */
    static String snake(String name) {
        String words = WORD_BEGINS.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
        String letters = Normalizer.normalize(words, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT);
        String snake = OTHERS.matcher(MARKS.matcher(letters).replaceAll("")).replaceAll("_");
        snake = AROUND.matcher(snake).replaceAll("");
        if (snake.isEmpty()) {
            return "field";
        }
        return cut(Character.isDigit(snake.charAt(0)) ? "_" + snake : snake, MAX_BYTES);
    }

    /** A name with this at its end, no longer than PostgreSQL allows. */
    static String with(String name, String end) {
        return cut(name, MAX_BYTES - end.length()) + end;
    }

    private static String cut(String name, int bytes) {
        String cut = name;
        while (cut.getBytes(StandardCharsets.UTF_8).length > bytes) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }
}
