package io.github.sequinroutes.sample;

import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.collection.TemplatedCollection;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Records of collections, and what of the collections' templates does not fit them. */
public final class Sample {
    private static final String ANY = "*";

    private final Map<String, List<SampleRecord>> records;
    private final Set<String> routed;

    /**
     * These records.
     *
     * @param routed the IDs of the collections that have a route, with {@code *} if there is one for any
     */
    public Sample(List<SampleRecord> records, Set<String> routed) {
        this.routed = routed;
        this.records = records.stream()
                .collect(Collectors.groupingBy(
                        record -> record.message().collection(), TreeMap::new, Collectors.toList()));
    }

    /**
     * The collections without a route, whose records become dead letters.
     *
     * @param ignored   the IDs of those that are to be ignored
     * @param templated those whose place is known
     */
    public List<Problem> withoutRoute(Collection<String> ignored, List<TemplatedCollection> templated) {
        List<Problem> problems = new ArrayList<>();
        Set<String> unused = new HashSet<>(routed);
        unused.removeAll(records.keySet());
        unused.remove(ANY);
        records.forEach((collection, its) -> {
            if (routed.contains(collection) || routed.contains(ANY) || ignored.contains(collection)) {
                return;
            }
            Optional<String> near = Nearest.likelyCollection(collection, unused);
            Optional<TemplatedCollection> misspelt = templated.stream()
                    .filter(one -> one.id().equals(near.orElse(null)))
                    .findFirst();
            String text = "collection " + collection
                    + " has no route, and its records become dead letters (in the sample " + its.size() + ")";
            problems.add(PlacedText.read(
                    misspelt.map(one -> one.place() + ": no record of the sample is of " + one.id() + ", and " + text
                                    + "; did you mean " + collection + "?")
                            .orElse(its.get(0).place() + ": " + text + "; write one, or name it in sequin.ignore"),
                    ""));
        });
        return problems;
    }

    /**
     * The collections of which there are records that cannot be tried here, because their routes have steps of their own.
     *
     * @param places those of such routes by collection ID
     */
    public List<Problem> notTried(Map<String, String> places) {
        return records.keySet().stream()
                .filter(places::containsKey)
                .map(id -> PlacedText.read(
                        places.get(id) + ": the records of " + id
                                + " are not tried, because the route has steps of its own;"
                                + " plan --sample runs them",
                        ""))
                .map(problem -> new Problem(problem.file(), problem.line(), problem.column(), true, problem.text()))
                .toList();
    }

    /** The paths of a collection's templates that no record has. */
    public List<Problem> paths(TemplatedCollection collection) {
        List<Problem> problems = new ArrayList<>();
        List<SampleRecord> all = of(collection);
        List<SampleRecord> present =
                all.stream().filter(record -> !record.message().isDeleted()).toList();
        if (!present.isEmpty()) {
            problems.addAll(new PathCheck(collection.id(), present).problems(collection.upsert()));
        }
        if (!all.isEmpty() && collection.delete() != null) {
            problems.addAll(new PathCheck(collection.id(), all).problems(collection.delete()));
        }
        return problems;
    }

    /**
     * What the database does not take, tried in the transaction of this connection, which must be rolled back.
     *
     * @param maxRecordSize in bytes, what larger records are refused for
     */
    public List<Problem> values(TemplatedCollection collection, Connection connection, int maxRecordSize)
            throws SQLException {
        ValueCheck values = new ValueCheck(connection);
        Template delete = collection.delete();
        Map<Boolean, List<SampleRecord>> byTemplate = of(collection).stream()
                .collect(Collectors.partitioningBy(
                        record -> delete != null && record.message().isDeleted()));
        values.tryAll(new TemplateStatement(collection.upsert(), maxRecordSize), byTemplate.get(false));
        if (delete != null) {
            values.tryAll(TemplateStatement.ofDeletions(delete, maxRecordSize), byTemplate.get(true));
        }
        return values.problems();
    }

    /** The records for which a collection is. */
    private List<SampleRecord> of(TemplatedCollection collection) {
        if (!collection.id().equals(ANY)) {
            return records.getOrDefault(collection.id(), List.of());
        }
        return records.entrySet().stream()
                .filter(its -> !routed.contains(its.getKey()))
                .flatMap(its -> its.getValue().stream())
                .toList();
    }
}
