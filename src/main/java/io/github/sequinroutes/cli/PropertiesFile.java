package io.github.sequinroutes.cli;

import io.github.sequinroutes.cli.KeyNames.Doubt;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SecretFile;
import io.github.sequinroutes.failure.RelativePath;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file with configuration in it. */
final class PropertiesFile {
    /** One before a character that needs none, or that makes a tab or a line break of it; not a whole line's end. */
    private static final Pattern LONE_BACKSLASH = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\[^\\\\\\n\\r :=#!u]");

    private PropertiesFile() {}

    /**
     * What the file says, unchecked.
     *
     * @throws SettingsException if it cannot be read
     */
    static Properties read(Path path) {
        Properties given = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            given.load(reader);
        } catch (NoSuchFileException e) {
            throw new SettingsException(Map.of(path.toString(), "is not there"));
        } catch (MalformedInputException e) {
            throw new SettingsException(Map.of(path.toString(), "cannot be read: it is not UTF-8"));
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException(Map.of(path.toString(), "cannot be read: " + e.getMessage()));
        }
        return given;
    }

    /** A key, and the line and column where it stands. */
    private record Entry(String key, int line, int column, String text) {}

    /** Where a key stands in a file, as {@code file:line:column}, or null if it does not; of several places the one that counts. */
    static String place(Path path, String key) {
        return entries(path).stream()
                .filter(entry -> entry.key.equals(key))
                .reduce((earlier, last) -> last)
                .map(entry -> RelativePath.of(path.toString()) + ":" + entry.line + ":" + entry.column)
                .orElse(null);
    }

    /** The line of that place; behind all others if there is none. */
    static int line(Path path, String key) {
        return entries(path).stream()
                .filter(entry -> entry.key.equals(key))
                .mapToInt(Entry::line)
                .reduce((earlier, last) -> last)
                .orElse(Integer.MAX_VALUE);
    }

    /** What a file hardly means as it stands. */
    static List<Doubt> doubts(Path path) {
        return Stream.concat(doubles(path).stream(), backslashes(path).stream()).toList();
    }

    /** The bundle's own keys whose value has a backslash that is gone when it is read, as in {@code ab\\cd}; the value is not told. */
    private static List<Doubt> backslashes(Path path) {
        return entries(path).stream()
                .filter(entry -> KeyNames.isOwn(entry.key)
                        && LONE_BACKSLASH.matcher(entry.text).find())
                .map(entry -> new Doubt(
                        entry.key,
                        entry.key + " has a \\ in its value, which such a file takes away; write \\\\ for it",
                        false))
                .toList();
    }

    /** The keys that a file gives more than once, of which only the last counts. */
    private static List<Doubt> doubles(Path path) {
        Map<String, List<String>> lines = new TreeMap<>();
        entries(path).forEach(entry -> lines.computeIfAbsent(entry.key, any -> new ArrayList<>())
                .add(Integer.toString(entry.line)));
        lines.values().removeIf(several -> several.size() < 2);
        return lines.entrySet().stream()
                .map(one -> new Doubt(
                        one.getKey(),
                        one.getKey() + " is given in the lines " + String.join(" and ", one.getValue())
                                + ", and only the last counts; remove the others",
                        false))
                .toList();
    }

    private static List<Entry> entries(Path path) {
        List<Entry> entries = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
            for (int i = 0; i < lines.size(); i++) {
                int first = i;
                StringBuilder text = new StringBuilder(lines.get(i));
                while (isContinued(text) && i + 1 < lines.size()) {
                    i++;
                    text.append('\n').append(lines.get(i));
                }
                Properties one = new Properties();
                one.load(new StringReader(text.toString()));
                int column = 1 + text.length() - text.toString().stripLeading().length();
                one.stringPropertyNames()
                        .forEach(key -> entries.add(new Entry(key, first + 1, column, text.toString())));
            }
        } catch (IOException | IllegalArgumentException e) {
            return entries; // which has been told
        }
        return entries;
    }

    private static boolean isContinued(CharSequence text) {
        String last = text.toString();
        boolean isComment =
                last.stripLeading().startsWith("#") || last.stripLeading().startsWith("!");
        int end = last.length();
        while (end > 0 && last.charAt(end - 1) == '\\') {
            end--;
        }
        return !isComment && (last.length() - end) % 2 == 1;
    }

    /**
     * The token in a file that has just been read, and may change.
     *
     * @param key the key that it stands behind
     */
    static SecretFile token(Path path, String key) {
        return new SecretFile(key, path, changed -> {
            String token = read(changed).getProperty(key, "").strip();
            String problem = Keys.TOKEN.problem(token);
            if (problem != null) {
                throw new IllegalArgumentException("in " + changed + " it " + problem);
            }
            return token;
        });
    }
}
