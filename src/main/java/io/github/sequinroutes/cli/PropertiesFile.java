package io.github.sequinroutes.cli;

import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SecretFile;
import io.github.sequinroutes.failure.RelativePath;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A file with configuration in it. */
final class PropertiesFile {
    private PropertiesFile() {}

    /**
     * What the file says, unchecked.
     *
     * @throws Settings.SettingsException if it cannot be read
     */
    static Properties read(Path path) {
        Properties given = new Properties();
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            given.load(reader);
        } catch (NoSuchFileException e) {
            throw new Settings.SettingsException(Map.of(path.toString(), "is not there"));
        } catch (MalformedInputException e) {
            throw new Settings.SettingsException(Map.of(path.toString(), "cannot be read: it is not UTF-8"));
        } catch (IOException | IllegalArgumentException e) {
            throw new Settings.SettingsException(Map.of(path.toString(), "cannot be read: " + e.getMessage()));
        }
        return given;
    }

    /** Where a key stands in a file, as {@code file:line:column}, or null if it does not. */
    static String place(Path path, String key) {
        try {
            List<String> lines = Files.readAllLines(path, StandardCharsets.ISO_8859_1);
            for (int i = lines.size() - 1; i >= 0; i--) { // the last one counts
                String line = lines.get(i).stripLeading();
                boolean isKey =
                        line.startsWith(key) && line.substring(key.length()).matches("(\\s*[=:].*|\\s.*)?");
                if (isKey) {
                    int column = 1 + lines.get(i).length() - line.length();
                    return RelativePath.of(path.toString()) + ":" + (i + 1) + ":" + column;
                }
            }
            return null;
        } catch (IOException e) {
            return null; // which has been told
        }
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
