package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.HostConfig;
import io.github.sequinroutes.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether {@code application.properties} has changed, and uses what can be used without a restart: the limit of dead
 * letters and the level of the log; a token is read again by whoever sends it. Of any other key it says that it needs a
 * restart. Values are never logged, for they may be secrets. Used by one thread.
 */
final class LiveSettings {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
    private static final long PERIOD_MILLIS = 500;

    private final Path file;
    private final List<Bundle> bundles;
    private final Settings started;
    private Settings current;
    /** As the last look has seen the file, and as it was read. */
    private State seen;

    private State read;
    /** Whether the file as it is now, or was last, cannot be used. */
    private boolean isRefused;
    /** Whether a key in it counts only after a restart. */
    private boolean isLate;

    private record State(Object modified, long size, Object key) {}

    /**
     * What is used at start.
     *
     * @param file    where it was read from, which need not be there
     * @param bundles those that run
     */
    LiveSettings(Path file, Settings started, List<Bundle> bundles) {
        this.file = file;
        this.started = started;
        this.bundles = bundles;
        current = started;
    }

    /** Looks twice a second, until the process ends. */
    static void watch(Path file, Settings started, Standalone standalone) {
        if (started.bundles().stream().noneMatch(bundle -> bundle.config().get(Keys.RELOAD))) {
            return;
        }
        LiveSettings live = new LiveSettings(file, started, standalone.bundles());
        ScheduledExecutorService executor = standalone
                .context()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(live, "application-properties");
        var unused = executor.scheduleWithFixedDelay(live::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Uses what has changed, once two looks agree: it may still be being written. */
    void look() {
        State now = state();
        if (now != null && now.equals(seen) && !now.equals(read)) {
            read = now;
            try {
                change();
            } catch (RuntimeException e) {
                List<String> problems =
                        e.getMessage().lines().map(String::strip).toList();
                isRefused = true;
                LOG.error("{} has changed, and is not used. {}", file, String.join(" ", problems));
            }
        }
        seen = now;
    }

    private State state() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return null; // an editor may be about to write it again
        }
    }

    private void change() {
        Settings changed = Settings.load(file);
        Properties now = changed.given();
        Set<String> names = new TreeSet<>(now.stringPropertyNames());
        names.addAll(current.given().stringPropertyNames());
        names.removeIf(
                name -> Objects.equals(now.getProperty(name), current.given().getProperty(name)));
        boolean wasLate = isLate;
        isLate = Stream.concat(now.stringPropertyNames().stream(), started.given().stringPropertyNames().stream())
                .anyMatch(name -> needsRestart(name, now));
        List<String> late = new ArrayList<>();
        List<String> overruled = new ArrayList<>();
        for (String name : names) {
            if (KeyNames.overruling(name) != null) {
                overruled.add(name);
            } else if (needsRestart(name, now)) {
                late.add(name);
            }
        }
        use(changed);
        current = changed;
        if (isRefused || (wasLate && !isLate)) {
            LOG.info("{} has changed: it can be used{}.", file, isLate ? "" : ", and no key of it waits for a restart");
        }
        isRefused = false;
        if (!overruled.isEmpty()) {
            LOG.warn(
                    "{} has changed, but not what counts: the environment or -D says {}.",
                    file,
                    String.join(", ", overruled));
        }
        if (!late.isEmpty()) {
            LOG.warn("{} has changed: {} will count after a restart.", file, String.join(", ", late));
        }
    }

    private boolean needsRestart(String name, Properties now) {
        return !isLive(name)
                && KeyNames.overruling(name) == null
                && !Objects.equals(now.getProperty(name), started.given().getProperty(name));
    }

    private boolean isLive(String name) {
        Set<String> live = new HashSet<>(Set.of(HostConfig.LOG_LEVEL));
        for (ConfiguredBundle bundle : started.bundles()) {
            live.add("sequin." + Keys.DEAD_LETTERS_PER_SECOND.name());
            live.add(bundle.key("sequin." + Keys.DEAD_LETTERS_PER_SECOND.name()));
            if (bundle.config().text(Keys.TOKEN_FILE).isEmpty()) {
                live.add(started.keyOfToken(bundle));
            }
        }
        return live.contains(name);
    }

    private void use(Settings changed) {
        if (!changed.logLevel().equals(current.logLevel())) {
            LogLevel.set(changed.logLevel());
            LOG.info("{} is {} from now on.", HostConfig.LOG_LEVEL, changed.logLevel());
        }
        for (Bundle bundle : bundles) {
            String name = bundle.config().name();
            int before = deadLettersPerSecond(current, name);
            int now = deadLettersPerSecond(changed, name);
            if (now != before) {
                bundle.limitDeadLetters(now);
                LOG.info("sequin.{} of bundle {} is {} from now on.", Keys.DEAD_LETTERS_PER_SECOND.name(), name, now);
            }
        }
    }

    /** That of a bundle; what the file says of bundles themselves needs a restart, and so has one that is gone the default. */
    private static int deadLettersPerSecond(Settings settings, String name) {
        return settings.bundles().stream()
                .filter(bundle -> bundle.config().name().equals(name))
                .map(bundle -> bundle.config().get(Keys.DEAD_LETTERS_PER_SECOND))
                .findFirst()
                .orElse(Keys.DEAD_LETTERS_PER_SECOND.defaultValue());
    }
}
