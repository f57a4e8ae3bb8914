package io.github.sequinroutes.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** In the end: is every row, and every dead letter, what the truth says? */
abstract class FinalAudit {
    private static final int EXAMPLES = 5;

    private final List<String> lost = new ArrayList<>();
    private final List<String> stale = new ArrayList<>();
    private final List<String> wronglyDead = new ArrayList<>();
    private int deadLetters;

    /** Records whose row or dead letter is missing or too old. */
    final int lost() {
        return lost.size();
    }

    /** Records whose row is not what their newest version says. */
    final int stale() {
        return stale.size();
    }

    /** Good records among the dead letters. */
    final int wronglyDeadLettered() {
        return wronglyDead.size();
    }

    /** How many dead letters there are. */
    final int deadLetters() {
        return deadLetters;
    }

    /** A few of each kind, in words. */
    final List<String> examples() {
        List<String> examples = new ArrayList<>();
        Map.of("lost", lost, "stale", stale, "wrongly dead-lettered", wronglyDead)
                .forEach((kind, all) -> all.stream()
                        .limit(EXAMPLES)
                        .map(one -> kind + ": " + one)
                        .forEach(examples::add));
        return examples;
    }

    final void addLost(String description) {
        lost.add(description);
    }

    final void addStale(String description) {
        stale.add(description);
    }

    final void addWronglyDeadLettered(String description) {
        wronglyDead.add(description);
    }

    final void countDeadLetter() {
        deadLetters++;
    }
}
