package io.github.sequinroutes.cli;

import io.github.sequinroutes.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Properties;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer token in a configuration file, read again whenever the file has changed: a new token needs no restart.
 * A file that cannot be used leaves the token as it was. Thread-safe.
 */
final class TokenFile implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

    private final Path file;
    private final String key;
    private State read;
    private String token;

    /** The size too, because two writes can share a time: a file that is being written is empty first. */
    private record State(FileTime modified, long size) {
        static State of(Path file) throws IOException {
            return new State(Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /** The token of this file, which has just been read. */
    TokenFile(Path file, String key, String token) {
        this.file = file;
        this.key = key;
        this.token = token;
    }

    @Override
    public synchronized String get() {
        State state;
        try {
            state = State.of(file);
        } catch (IOException e) {
            state = new State(FileTime.fromMillis(0), -1); // not there, for now
        }
        if (!state.equals(read)) {
            read = state;
            readAgain();
        }
        return token;
    }

    private void readAgain() {
        try {
            Properties given = PropertiesFile.read(file);
            String changed = given.getProperty(key, "").strip();
            String problem = changed.isEmpty() && !token.isEmpty() ? "is missing" : Keys.TOKEN.problem(changed);
            if (problem != null) {
                LOG.warn("The token stays as it was: in {} {} {}.", file, key, problem);
            } else if (!changed.equals(token)) {
                token = changed;
                LOG.info("{} has a new {}.", file, key);
            }
        } catch (Settings.SettingsException e) {
            LOG.warn("The token stays as it was. {}", e.getMessage());
        }
    }
}
