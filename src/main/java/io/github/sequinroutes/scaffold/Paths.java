package io.github.sequinroutes.scaffold;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of tables and columns as a template's paths, as names of files and in YAML. */
final class Paths {
    private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_$]+");
    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9_]+");
    private static final Pattern TO_ESCAPE = Pattern.compile("[\"\\\\]");
    private static final int HASH_BYTES = 4;

    private Paths() {}

    /** The parameter of a template for a column: {@code :#record.price} or {@code :#record."First Name"}. */
    static String parameter(String column) {
        return ":#record." + (PLAIN_PATH.matcher(column).matches() ? column : '"' + column.replace("\"", "\"\"") + '"');
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
