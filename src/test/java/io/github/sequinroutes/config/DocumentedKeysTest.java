package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README and the file that users edit say of keys and defaults is what the code knows. */
class DocumentedKeysTest {
    private static final Pattern ROW =
            Pattern.compile("^\\|[a-z ]*\\| (`[^|]*`) \\| ([^|]*) ?\\|.*$", Pattern.MULTILINE);

    /** The defaults by key, as the rows of the table have them; a row with several keys says none. */
    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("README.md")));
        while (row.find()) {
            String[] keys = row.group(1).replace("`", "").split(", ", -1);
            String group = keys[0].substring(0, keys[0].lastIndexOf('.'));
            for (String key : keys) {
                table.put(
                        key.startsWith(".") ? group + key : key,
                        keys.length > 1 ? "" : row.group(2).strip());
            }
        }
        return table;
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        for (Key<?> key : Keys.ALL) {
            defaults.put("sequin." + key.name(), key.fallback() == null ? "" : key.fallback());
        }
        defaults.put(HostConfig.PORT_TOKEN, "");
        defaults.put(HostConfig.PORT_TOKEN_FILE, "");
        return defaults;
    }

    @Test
    void theTableHasEveryKeyAndNoOther() throws Exception {
        assertEquals(new TreeSet<>(HostConfig.keys(List.of())), table().keySet());
    }

    @Test
    void theTableHasTheDefaults() throws Exception {
        Map<String, String> defaults = defaults();
        assertEquals("64", defaults.put("sequin.writers", "all workers")); // and 64 is the most that there can be
        table().forEach((key, said) -> {
            if (!said.isEmpty()) {
                assertEquals(defaults.get(key), said, key);
            }
        });
    }

    @Test
    void theFileThatUsersEditHasThemToo() throws Exception {
        Map<String, String> defaults = defaults();
        Matcher line = Pattern.compile("^#(sequin\\.[a-z.-]+)=(.*)$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("application.properties")));
        int lines = 0;
        while (line.find()) {
            assertEquals(defaults.get(line.group(1)), line.group(2), line.group(1));
            lines++;
        }
        assertEquals(13, lines);
    }
}
