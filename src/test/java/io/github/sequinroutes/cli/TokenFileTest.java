package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.config.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that stands in application.properties. */
class TokenFileTest {
    @TempDir
    private Path folder;

    private Path file;
    private SecretFile token;

    @BeforeEach
    void prepare() throws IOException {
        file = folder.resolve("application.properties");
        write("sequin.token=first");
        token = PropertiesFile.token(file, "sequin.token");
        assertEquals("first", token.get());
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    @Test
    void aNewOneIsUsed() throws IOException {
        write("sequin.token = a-second\n");
        assertEquals("a-second", token.get());
        write("sequin.token=the-third-one");
        assertEquals("the-third-one", token.get());
    }

    @Test
    void aFileThatHasNotChangedIsNotRead() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        write("sequin.token=other");
        Files.setLastModifiedTime(file, time);
        assertEquals("first", token.get());
    }

    @Test
    void whatCannotBeUsedLeavesItAsItWas() throws IOException {
        for (String text : new String[] {"", "sequin.token=", "sequin.token=two words", "sequin.token=\\uXYZ"}) {
            write(text);
            assertEquals("first", token.get(), text);
        }
        Files.write(file, new byte[] {'s', (byte) 0xFF});
        assertEquals("first", token.get());
        Files.delete(file);
        assertEquals("first", token.get());
        write("sequin.token=first-after-all");
        assertEquals("first-after-all", token.get());
    }
}
