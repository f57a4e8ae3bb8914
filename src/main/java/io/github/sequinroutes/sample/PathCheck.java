package io.github.sequinroutes.sample;

import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the paths of a template that lead nowhere in any record of a sample, and those that are likely meant. */
final class PathCheck {
    /** What a record of the Consume API can have, though short ones leave it out. */
    private static final Set<String> OF_RECORDS = Set.of(
            "id",
            "collection_id",
            "provider",
            "stream_id",
            "sync",
            "sync_id",
            "upstream_id",
            "updated_idx",
            "deleted",
            "inserted_at",
            "upstream_created_at",
            "upstream_updated_at",
            "data");

    /** What is in each part of a message of the Stream API that is not of the user's own; any name in the rest. */
    private static final Set<String> OF_METADATA = Set.of("changes", "action", "metadata");

    private final String collection;
    private final boolean isOfRecords;
    private final Names names = new Names();

    /** For these records of a collection, of which there is at least one. */
    PathCheck(String collection, List<SampleRecord> records) {
        this.collection = collection;
        isOfRecords = records.get(0).message().format().roots().isEmpty();
        records.forEach(record -> names.add(record.tree()));
    }

    /** A warning for each place in the template. */
    List<Problem> problems(Template template) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < template.paths().size(); i++) {
            List<String> path = template.paths().get(i);
            int known = names.known(path);
            if (known < path.size() && !isAlwaysPossible(path, known)) {
                String text = "no record of " + collection + " in the sample has " + text(path)
                        + nearest(path, known)
                                .map(near -> "; did you mean " + text(near) + "?")
                                .orElse("; what it is for stays null");
                Problem problem = PlacedText.read(template.atPath(i, text), template.file());
                problems.add(new Problem(problem.file(), problem.line(), problem.column(), true, problem.text()));
            }
        }
        return problems;
    }

    private boolean isAlwaysPossible(List<String> path, int known) {
        return isOfRecords ? known == 0 && OF_RECORDS.contains(path.get(0)) : OF_METADATA.contains(path.get(0));
    }

    /** A name beside the first one that is missing, or else the one path that has the same names, and others between. */
    private Optional<List<String>> nearest(List<String> path, int known) {
        Optional<String> beside = Nearest.likely(path.get(known), names.at(path.subList(0, known)));
        if (beside.isPresent()) {
            List<String> near = new ArrayList<>(path.subList(0, known));
            near.add(beside.get());
            near.addAll(path.subList(known + 1, path.size()));
            return Optional.of(names.known(near) == near.size() ? near : near.subList(0, known + 1));
        }
        List<List<String>> others = names.paths().stream()
                .filter(other -> leavesOutNamesOf(path, other))
                .sorted(Comparator.comparingInt(List::size))
                .toList();
        boolean isOne = !others.isEmpty()
                && (others.size() == 1 || others.get(0).size() < others.get(1).size());
        return isOne ? Optional.of(others.get(0)) : Optional.empty();
    }

    /** Whether a path is a longer one without some of the names on the way, in whatever way they are written. */
    private static boolean leavesOutNamesOf(List<String> path, List<String> longer) {
        int found = 0;
        for (String name : longer) {
            if (found < path.size() && plain(name).equals(plain(path.get(found)))) {
                found++;
            }
        }
        return found == path.size() && plain(path.get(found - 1)).equals(plain(longer.get(longer.size() - 1)));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** A path as a template has it. */
    static String text(List<String> path) {
        return path.stream()
                .map(name -> name.matches("[\\w$]+") ? name : '"' + name + '"')
                .collect(Collectors.joining(".", ":#", ""));
    }
}
