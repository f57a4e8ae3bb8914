package io.github.sequinroutes.bind;

import io.github.sequinroutes.judge.MalformedRecordException;
import io.github.sequinroutes.judge.RecordTooLargeException;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.InvalidTextException;
import io.github.sequinroutes.read.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.component.sql.SqlPrepareStatementStrategy;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Binds records to the parameters of a template: every value goes to the server as untyped text, and PostgreSQL gives
 * it the type of the column or expression it meets, so that users write no casts and no driver setting matters.
 * Thread-safe.
 */
public final class RecordBinder implements SqlPrepareStatementStrategy, CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger(RecordBinder.class);
    private static final List<String> VERSION = List.of("updated_idx");
    /** To ask the server once a second, whether a table has changed, costs nothing. */
    private static final long LONGEST_UNASKED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private CamelContext camelContext;
    private Template template;
    private boolean needsVersion;
    private DataSource dataSource;
    private int maxRecordSize = Integer.MAX_VALUE;
    private volatile RecordPaths paths;
    private volatile long describedAt;
    private volatile boolean stale;

    private record ReadAhead(RecordPaths paths, Map<Message, String[]> values) {}

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /**
     * Reads the template.
     *
     * @param uri where it is, e.g. {@code file:routes/collections/stripe-customer.upsert.sql}
     * @throws TemplateException if it is not a template
     */
    public void setTemplate(String uri) throws IOException {
        if (uri.endsWith("/")) {
            return; // an optional template that is not given
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(camelContext, uri)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            template = new Template(uri.substring(uri.indexOf(':') + 1), text);
            needsVersion = template.paths().contains(VERSION);
        }
    }

    /** The database that knows the types of the parameters. */
    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The most bytes that a record may have: a larger one is never sent to its table. */
    public void setMaxRecordSize(int bytes) {
        maxRecordSize = bytes;
    }

    /** Whether there is a template; that for deletes is optional. */
    public boolean hasTemplate() {
        return template != null;
    }

    /** Asks the server again for the types of the parameters: a failure may mean that the table has changed. */
    public void forgetTypes() {
        stale = true;
    }

    /**
     * Reads what is to be bound for these messages, if the types of the parameters are known. What cannot be read is
     * left for {@link #createPopulateIterator}: it may turn out that the record is not to be bound at all.
     *
     * @return to be kept in the variable {@code readAhead}
     */
    public Object readAhead(Group group) {
        RecordPaths known = paths;
        Map<Message, String[]> values = new HashMap<>();
        if (known != null) {
            for (Message message : group) {
                try {
                    if (size(message) <= maxRecordSize) {
                        values.put(message, known.valuesOf(message));
                    }
                } catch (InvalidTextException e) {
                    LOG.debug("A record that cannot be read ahead", e);
                }
            }
        }
        return new ReadAhead(known, values);
    }

    private static int size(Message message) {
        return message.recordEnd() - message.recordStart();
    }

    /** Asks for the types here, so that all rows of a statement are bound alike. */
    @Override
    public String prepareQuery(String query, boolean allowNamedParameters, Exchange exchange) throws SQLException {
        if (paths == null || stale || System.nanoTime() - describedAt > LONGEST_UNASKED_NANOS) {
            stale = false; // first: what changes while the server is asked is a reason to ask again
            ParameterKind[] kinds = describe();
            if (paths == null || !paths.writes(kinds)) {
                paths = new RecordPaths(template.paths(), kinds);
            }
            describedAt = System.nanoTime();
        }
        return template.sql();
    }

    @Override
    public Iterator<?> createPopulateIterator(
            String query, String preparedQuery, int expected, Exchange exchange, Object body) throws SQLException {
        Message message = (Message) body;
        check(message);
        RecordPaths known = paths;
        ReadAhead ahead = exchange.getVariable("readAhead", ReadAhead.class);
        String[] values = ahead == null || ahead.paths != known ? null : ahead.values.remove(message);
        return Arrays.asList(values == null ? known.valuesOf(message) : values).iterator();
    }

    private void check(Message message) throws SQLException {
        if (needsVersion && message.version() == null) {
            throw new MalformedRecordException(
                    "the template of " + message.collection() + " needs a version: " + message.versionProblem());
        }
        if (size(message) > maxRecordSize) {
            throw new RecordTooLargeException(size(message), maxRecordSize);
        }
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> values, int expected) throws SQLException {
        for (int parameter = 1; values.hasNext(); parameter++) {
            Object value = values.next();
            if (value == null) {
                statement.setNull(parameter, Types.OTHER);
            } else {
                statement.setObject(parameter, value, Types.OTHER);
            }
        }
    }

    private ParameterKind[] describe() throws SQLException {
        Connection connection = DataSourceUtils.getConnection(dataSource); // the transaction's, if there is one
        try {
            return new ServerView(template, connection).kinds();
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /**
     * Has the server plan the template, and writes nothing.
     *
     * @throws TemplateException if the server refuses it, with the place in the file
     * @throws SQLException      if the server cannot be asked
     */
    public void check(Connection connection) throws SQLException {
        new ServerView(template, connection).check();
    }
}
