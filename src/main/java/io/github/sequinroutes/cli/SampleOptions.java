package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.collection.TemplatedCollection;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Advice;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sample.Sample;
import io.github.sequinroutes.sample.SampleFile;
import io.github.sequinroutes.sample.SampleRecord;
import io.github.sequinroutes.sequin.Peek;
import io.github.sequinroutes.sequin.SequinApi;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Option;

/** Records with which templates are tried. */
final class SampleOptions {
    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description =
                    "Try the templates with the records in this file, one message or record of the API on each line,"
                            + " in a transaction that is rolled back.")
    private Path file;

    @Option(
            names = "--peek",
            description =
                    "The same with one batch of the consumer's, which is given back at once; each message of it has"
                            + " then been delivered once more.")
    private boolean peek;

    private final Set<Problem> unreadable = new HashSet<>();
    private final List<String> untried = new ArrayList<>();

    /** Whether messages of the consumer are asked for. */
    boolean isPeek() {
        return peek;
    }

    /** Whether because of this problem something in the file cannot be read as a message. */
    boolean isUnreadable(Problem problem) {
        return unreadable.contains(problem);
    }

    /** Says why no record was tried, though some were asked for; nothing if some were. */
    List<String> untried() {
        return List.copyOf(untried);
    }

    /** What of the collections of a bundle does not fit the records; nothing if none are asked for. */
    List<Problem> problems(Bundle bundle, CamelContext context, FolderCheck folder) throws Exception {
        untried.clear();
        List<Problem> problems = new ArrayList<>();
        List<SampleRecord> records = new ArrayList<>();
        MessageFormat format = SequinApi.of(bundle.config().get(Keys.API)).format();
        if (file != null) {
            SampleFile sample = SampleFile.read(file, format);
            problems.addAll(sample.problems());
            unreadable.addAll(sample.unreadable());
            records.addAll(sample.records());
        }
        if (peek) {
            peek(bundle, records, problems);
        }
        if (file != null || peek) {
            List<TemplatedCollection> collections = folder.collections();
            Set<String> routed = bundle.files().routes(context).collections();
            Sample sample = new Sample(records, routed);
            problems.addAll(sample.withoutRoute(bundle.config().get(Keys.IGNORE), collections));
            problems.addAll(sample.notTried(folder.withSteps()));
            collections.forEach(collection -> problems.addAll(sample.paths(collection)));
            problems.addAll(values(bundle, sample, collections));
        }
        return problems;
    }

    private void peek(Bundle bundle, List<SampleRecord> records, List<Problem> problems) {
        String consumer = "consumer " + bundle.config().get(Keys.CONSUMER);
        try (Peek peek = bundle.peek()) {
            List<Message> messages = peek.receive(bundle.config().get(Keys.BATCH_SIZE));
            if (messages.isEmpty()) {
                untried.add(Printable.line(consumer)
                        + " has no message now, or others have all there is: no record of it was tried.");
            }
            for (Message message : messages) {
                if (message.problem() == null) {
                    records.add(new SampleRecord(consumer + ":1:1", message));
                } else {
                    problems.add(new Problem(consumer, 1, 1, false, "a message is none: " + message.problem()));
                }
            }
        } catch (Exception e) {
            problems.add(new Problem(
                    consumer,
                    1,
                    1,
                    false,
                    "cannot be asked: " + new Advice(bundle.config().keys()).describe(e)));
        }
    }

    private static List<Problem> values(Bundle bundle, Sample sample, List<TemplatedCollection> collections)
            throws SQLException {
        List<Problem> problems = new ArrayList<>();
        try (Connection connection = bundle.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                for (TemplatedCollection collection : collections) {
                    int maxRecordSize = bundle.config().get(Keys.MAX_RECORD_SIZE);
                    problems.addAll(sample.values(collection, connection, maxRecordSize));
                }
            } finally {
                connection.rollback();
            }
        }
        return problems;
    }
}
