package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Checks files before they are loaded. Not at start: then a database that is away must delay nothing. What was wrong is
 * checked again now and then, since not only the file but also the table can be fixed. Used by one thread at a time.
 */
final class FileChecks {
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FolderLog log;
    private ChangeCheck check = ChangeCheck.NONE;

    FileChecks(FolderLog log) {
        this.log = log;
    }

    /** Checks files from now on. */
    void begin(ChangeCheck with) {
        check = with;
    }

    /** What is wrong with a file, or null. */
    String problem(FolderEntry entry) {
        boolean isDue = entry.checkProblem != null && System.nanoTime() - entry.checkedAt > AGAIN_NANOS;
        if (!entry.isChecked || isDue) {
            entry.checkProblem = ask(entry.file);
            entry.checkedAt = System.nanoTime();
            entry.isChecked = check != ChangeCheck.NONE;
        }
        return entry.checkProblem;
    }

    private String ask(CollectionFile file) {
        if (file.sinks().isEmpty()) {
            return null;
        }
        Set<String> warnings = new TreeSet<>();
        List<Problem> found = List.of();
        try {
            found = check.problems(file.sinks());
        } catch (RuntimeException e) {
            warnings.add(file.location() + ":1:1: could not be checked, and is loaded as it is: " + e);
        }
        warnings.addAll(
                StrayFiles.lines(found.stream().filter(Problem::isWarning).toList()));
        log.warn(warnings);
        String errors = found.stream()
                .filter(problem -> !problem.isWarning())
                .sorted()
                .map(Problem::toString)
                .distinct()
                .collect(Collectors.joining("; "));
        return errors.isEmpty() ? null : errors;
    }
}
