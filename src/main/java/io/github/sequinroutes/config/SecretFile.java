package io.github.sequinroutes.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret in a file, which is read again whenever the file has changed. What cannot be used leaves the secret as it was,
 * and the log says so. Thread-safe.
 */
public final class SecretFile implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);

    private final String key;
    private final Path file;
    private final Function<Path, String> format;
    private State read;
    private String secret;

    /** The size too, because two writes can share a time: a file that is being written is empty first. */
    private record State(FileTime modified, long size) {
        static State of(Path file) {
            try {
                return new State(Files.getLastModifiedTime(file), Files.size(file));
            } catch (IOException e) {
                return new State(FileTime.fromMillis(0), -1); // not there, for now
            }
        }
    }

    /**
     * Reads the secret of a file.
     *
     * @param key    what the secret is called in the log
     * @param format finds the secret in the file; an IllegalArgumentException says what is wrong, without the secret
     * @throws IllegalArgumentException as the format says
     */
    public SecretFile(String key, Path file, Function<Path, String> format) {
        this.key = key;
        this.file = file;
        this.format = format;
        read = State.of(file);
        secret = format.apply(file);
    }

    /**
     * Reads a file that holds a secret and nothing else; a line break may end it.
     *
     * @param check what is wrong with a secret, or null
     * @throws IllegalArgumentException if there is none that can be used
     */
    static SecretFile alone(String key, Path file, Function<String, String> check) {
        return new SecretFile(key, file, path -> {
            String text = text(path).strip();
            String problem = text.isEmpty() ? "is empty" : check.apply(text);
            if (problem != null) {
                throw new IllegalArgumentException(path + " " + problem);
            }
            return text;
        });
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(path + " is not there", e);
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException(path + " cannot be read: it is not UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized String get() {
        State state = State.of(file);
        if (!state.equals(read)) {
            read = state;
            readAgain();
        }
        return secret;
    }

    private void readAgain() {
        try {
            String changed = format.apply(file);
            if (changed.isEmpty() && !secret.isEmpty()) {
                LOG.warn("{} stays as it was: {} has none.", key, file);
            } else if (!changed.equals(secret)) {
                secret = changed;
                LOG.info("The file {} of {} has changed, and is used from now on.", file, key);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} stays as it was: {}.", key, e.getMessage());
        }
    }
}
