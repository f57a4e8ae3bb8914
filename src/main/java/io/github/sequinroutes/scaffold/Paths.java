package io.github.sequinroutes.scaffold;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of tables and columns as a template's paths, as names of files and in YAML. */
final class Paths {
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_$]+");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9_]+");
    private static final Pattern TO_ESCAPE = Pattern.compile("[\"\\\\]");
    /** Its files are named after it, and after no other, whatever the file system makes of capitals. */
    private static final Pattern PLAIN_COLLECTION = Pattern.compile("[a-z0-9_]+(:[a-z0-9_-]+)?");

    private static final int HASH_BYTES = 4;
    private static final int MAX_FILE = 100;

    private Paths() {}

    /** The parameter of a template for a column: {@code :#record.price} or {@code :#record."First Name"}. */
    static String parameter(String column) {
        return parameter(List.of("record", column));
    }

    /** The parameter of a template for a path: {@code :#data.plan.id} or {@code :#data."First Name"}. */
    static String parameter(List<String> path) {
        return path.stream()
                .map(name -> PLAIN_PATH.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(".", ":#", ""));
    }

    /** A path that goes on from another. */
    static List<String> append(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    /** Whether a name can stand in a path: all its characters can be seen, and written to a file. */
    static boolean isSpellable(String name) {
        return name.codePoints().noneMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        });
    }

    /**
     * The name that a collection's files begin with, {@code schema-table}. Where the names of schema and table have
     * characters that make it ambiguous or impossible, a hash of them is added.
     */
    static String file(String schema, String table) {
        String plain = NOT_PLAIN.matcher(schema).replaceAll("_") + "-"
                + NOT_PLAIN.matcher(table).replaceAll("_");
        return plain.equals(schema + "-" + table) && plain.indexOf('-') == plain.lastIndexOf('-')
                ? plain
                : plain + "-" + hash(schema + "\0" + table);
    }

    /** The name that the files of a collection begin with: {@code stripe-subscription} of {@code stripe:subscription}. */
    static String file(String collection) {
        if (PLAIN_COLLECTION.matcher(collection).matches() && collection.length() <= MAX_FILE) {
            return collection.replace(':', '-');
        }
        String plain = NOT_PLAIN.matcher(collection).replaceAll("-").replaceAll("^-|-$", "");
        return (plain.isEmpty() ? "collection" : plain.substring(0, Math.min(plain.length(), MAX_FILE))) + "-"
                + hash(collection);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** A string in YAML, in quotes, whatever is in it. */
    static String yaml(String text) {
        StringBuilder quoted = new StringBuilder();
        TO_ESCAPE.matcher(text).replaceAll("\\\\$0").codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0xfeff || c == 0x2028 || c == 0x2029) {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return '"' + quoted.toString() + '"';
    }
}
