package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.write.UpsertSink;
import io.github.sequinroutes.write.WriteSupport;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.util.TimeUtils;

/**
 * What {@code kamelet:postgres-upsert-sink} does: writes the records of a body with a template. In a route of a bundle's
 * collection it writes to the bundle's database, and what is rejected becomes a dead letter; elsewhere it writes to a
 * DataSource, and throws. Thread-safe.
 */
public final class PostgresUpsertSink extends SinkOfRecords {
    private String folder = "";
    private String upsert;
    private String delete = "";
    private String guard = "template";
    private String name;
    private long timeoutMillis;
    private UpsertSink sink;
    private WriteSupport support;

    /** What the Kamelet makes; its properties come one by one. */
    public PostgresUpsertSink() {
        setTimeout("30s");
    }

    /** The name of the route, which stands in messages. */
    public void setName(String name) {
        this.name = name;
    }

    /** The URI of the folder with the files, or nothing: then they are URIs, or paths. */
    public void setFolder(String folder) {
        this.folder = folder;
    }

    /** The file with the upsert template. */
    public void setUpsert(String upsert) {
        this.upsert = upsert;
    }

    /** The file with the delete template, or nothing. */
    public void setDelete(String delete) {
        this.delete = delete;
    }

    /** Who keeps old versions out, {@code template} or {@code ledger}. */
    public void setGuard(String guard) {
        this.guard = guard;
    }

    /** How long the writing of a body may take, e.g. {@code 30s}; in a route of a collection the lease says so. */
    public void setTimeout(String timeout) {
        timeoutMillis = TimeUtils.toMilliSeconds(timeout);
    }

    /**
     * Reads the templates.
     *
     * @throws io.github.sequinroutes.template.TemplateException if one is no template
     */
    public void init() throws IOException {
        boolean needsLedger = guard.equals("ledger") || !delete.isEmpty();
        support = isOfBundle()
                ? ofBundle("writeSupport", WriteSupport.class)
                : SupportOfOwn.make(findDataSource(), name, timeoutMillis, needsLedger);
        UpsertSink made = new UpsertSink();
        made.setCamelContext(getCamelContext());
        made.setGuard(guard);
        made.setUpsert(uri(upsert));
        made.setDelete(delete.isEmpty() ? "/" : uri(delete));
        made.setHasSteps(true);
        made.setSupport(support);
        sink = made;
    }

    private String uri(String file) {
        if (!folder.isEmpty()) {
            return folder + "/" + file;
        }
        return file.matches("(?s)[a-z]{2,}:.*") ? file : "file:" + file;
    }

    /**
     * Writes the records of a body.
     *
     * @throws RecordsNotWrittenException if some are not written and no bundle looks after them
     * @throws RuntimeException           if the database does not answer
     */
    public void write(Exchange exchange) {
        if (isOfBundle()) {
            writeForBundle(Records.ofBundle(exchange));
        } else {
            writeAlone(Records.of(exchange).messages());
        }
    }

    private void writeForBundle(Records records) {
        records.group().sinkBegins();
        List<Message> pending = records.pending(sink);
        try {
            sink.write(records.group().part(pending));
        } catch (RuntimeException e) {
            records.group().fail(e);
            throw e;
        } finally {
            records.settle(pending);
        }
    }

    private void writeAlone(List<Message> records) {
        prepare();
        Group group = new Group(name, records, new Lease(timeoutMillis));
        sink.write(group);
        support.collections().completed(group);
        if (records.stream().anyMatch(record -> !record.outcome().isDurable())) {
            throw new RecordsNotWrittenException(
                    records, support.collections().paused().get(name));
        }
    }

    private void prepare() {
        try {
            support.database().prepare();
        } catch (SQLException e) {
            throw new DatabaseAwayException(e);
        }
    }
}
