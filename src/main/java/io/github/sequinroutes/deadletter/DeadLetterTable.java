package io.github.sequinroutes.deadletter;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The table {@code sequin.dead_letters}, for those who work through it. Every method throws a
 * {@link org.springframework.dao.DataAccessException} if the database fails.
 */
public final class DeadLetterTable {
    private static final String WHERE = """
             from sequin.dead_letters where consumer = :consumer
            and (cast(:collection as text) is null or collection = :collection)
            and (cast(:reason as text) is null or reason = :reason) and (cast(:id as bigint) is null or id = :id)""";

    private static final String COUNTS = "select collection, reason, sqlstate as sql_state, count(*) as total,"
            + " count(replayed_at) as replayed" + WHERE + " group by 1, 2, 3 order by 1, 2, 3";

    private static final String NEWEST = """
            select id, collection, record_id, cast(version as text) as version, reason, sqlstate as sql_state, error, attempts,
              to_char(last_failed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_failed_at,
              cast(greatest(0, extract(epoch from now() - last_failed_at)) as bigint) as age_seconds
            %s and replayed_at is null order by sequin.dead_letters.last_failed_at desc, id desc limit :limit""".formatted(WHERE);

    private static final int PAGE_ROWS = 500;
    private static final int PAGE_BYTES = 16 * 1024 * 1024;
    /** PostgreSQL knows a value's length without reading it: rows after the page cost nothing. */
    private static final String PENDING = """
            select id, identity is not null, message_bytes, case when message_bytes is null then message end from (
              select id, identity, message, message_bytes, row_number() over so_far as row_no,
                sum(coalesce(octet_length(message_bytes), octet_length(message))) over so_far as bytes
              %s and replayed_at is null and id > :after
              window so_far as (order by id rows unbounded preceding) order by id limit %d) page
            where row_no = 1 or bytes <= %d order by id""".formatted(WHERE, PAGE_ROWS, PAGE_BYTES);

    private static final String IDENTIFY = """
            update sequin.dead_letters set identity = :identity where id = :id and not exists (
              select from sequin.dead_letters
              where coalesce(identity, sequin.dead_letter_identity(consumer, collection, record_id, version)) = :identity)""";

    private static final String REPLAYED = "update sequin.dead_letters set replayed_at = now() where id = any(:ids)";

    private static final String NOT_ALLOWED = "42501";

    private final JdbcClient database;
    private final String consumer;
    private final MessageFormat format;

    /** Which dead letters: null means any. */
    public record Filter(String collection, String reason, Long id) {}

    /** How many dead letters are alike. */
    public record Count(String collection, String reason, String sqlState, long total, long replayed) {}

    /**
     * A dead letter that is still to be replayed.
     *
     * @param version      its record's, or null
     * @param lastFailedAt in UTC, as {@code 2026-01-31T12:00:00Z}
     * @param ageSeconds   how long ago that was
     */
    public record Summary(
            long id,
            String collection,
            String recordId,
            String version,
            String reason,
            String sqlState,
            String error,
            int attempts,
            String lastFailedAt,
            long ageSeconds) {
        /** Whether its collection had no route when it came. */
        public boolean hadNoRoute() {
            return reason.equals("unknown-collection");
        }
    }

    /** The consumer whose dead letters they are. */
    public String consumer() {
        return consumer;
    }

    /** The dead letters of one consumer, whose messages have this format. */
    public DeadLetterTable(DataSource dataSource, String consumer, MessageFormat format) {
        this(dataSource, consumer, format, 0);
    }

    /** The same, and no statement may take longer than {@code timeoutSeconds}; 0 for no limit. */
    public DeadLetterTable(DataSource dataSource, String consumer, MessageFormat format, int timeoutSeconds) {
        JdbcTemplate template = new JdbcTemplate(dataSource);
        template.setQueryTimeout(timeoutSeconds);
        database = JdbcClient.create(template);
        this.consumer = consumer;
        this.format = format;
    }

    private StatementSpec matching(String sql, Filter filter) {
        return database.sql(sql)
                .param("consumer", consumer)
                .param("collection", filter.collection, Types.VARCHAR)
                .param("reason", filter.reason, Types.VARCHAR)
                .param("id", filter.id, Types.BIGINT);
    }

    /** The numbers of dead letters by collection, reason and SQLSTATE, and how many of them have been replayed. */
    public List<Count> counts(Filter filter) {
        return matching(COUNTS, filter).query(Count.class).list();
    }

    /** Those that are still to be replayed, what failed last at first; at most {@code limit}. */
    public List<Summary> newest(Filter filter, int limit) {
        return matching(NEWEST, filter)
                .param("limit", limit)
                .query(Summary.class)
                .list();
    }

    /** How many are still to be replayed; no more than {@code limit} are counted. */
    public long countPending(int limit) {
        return database.sql("select count(*) from (select from sequin.dead_letters"
                        + " where consumer = :consumer and replayed_at is null limit :limit) pending")
                .param("consumer", consumer)
                .param("limit", limit)
                .query(Long.class)
                .single();
    }

    /** How many dead letters of other consumers are still to be replayed, by consumer. */
    public Map<String, Long> ofOthers() {
        Map<String, Long> pending = new TreeMap<>();
        database.sql("select consumer, count(*) from sequin.dead_letters"
                        + " where consumer <> :consumer and replayed_at is null group by 1")
                .param("consumer", consumer)
                .query(row -> {
                    pending.put(row.getString(1), row.getLong(2));
                });
        return pending;
    }

    /** The collections that have dead letters, replayed or not. */
    public List<String> collections() {
        return database.sql("select distinct collection from sequin.dead_letters"
                        + " where consumer = :consumer and collection is not null order by 1")
                .param("consumer", consumer)
                .query(String.class)
                .list();
    }

    /**
     * A page of pending dead letters with an ID above {@code afterId}, oldest first: at most 500, and at most 16 MB unless
     * the first alone is larger.
     */
    List<PendingDeadLetter> pending(Filter filter, long afterId) {
        return matching(PENDING, filter)
                .param("after", afterId)
                .query((row, number) -> pending(row))
                .list();
    }

    /** The messages of the first page of those that can be replayed. */
    public List<Message> messages(Filter filter) {
        return pending(filter, 0).stream()
                .filter(deadLetter -> !deadLetter.isRefused())
                .map(PendingDeadLetter::message)
                .toList();
    }

    private PendingDeadLetter pending(ResultSet row) throws SQLException {
        long id = row.getLong(1);
        boolean hasIdentity = row.getBoolean(2);
        byte[] received = row.getBytes(3);
        // the driver's bytes of a text column are UTF-8
        return received == null
                ? PendingDeadLetter.ofText(id, hasIdentity, row.getBytes(4), format)
                : PendingDeadLetter.exact(id, hasIdentity, received, format);
    }

    /**
     * Sets the identity of dead letters that earlier versions stored without one, so that they are the same dead letters
     * if they fail again; unless another has that identity already.
     */
    void identify(List<PendingDeadLetter> deadLetters) {
        for (PendingDeadLetter deadLetter : deadLetters) {
            if (!deadLetter.hasIdentity() && !deadLetter.isRefused()) {
                database.sql(IDENTIFY)
                        .param("identity", Identity.of(consumer, deadLetter.message()))
                        .param("id", deadLetter.id())
                        .update();
            }
        }
    }

    /** All columns of a dead letter, by name; empty if there is no such one. */
    public Map<String, String> find(long id) {
        return matching("select *" + WHERE, new Filter(null, null, id))
                .query((row, number) -> columns(row))
                .optional()
                .orElse(Map.of());
    }

    private static Map<String, String> columns(ResultSet row) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.put(row.getMetaData().getColumnName(i), row.getString(i));
        }
        return columns;
    }

    /** Notes that these have been replayed. */
    public void replayed(List<Long> ids) {
        database.sql(REPLAYED).param("ids", ids.toArray(Long[]::new)).update();
    }

    /** Why dead letters could not be deleted, in words for a person: it needs a privilege that nothing else does. */
    public static String describeFailedDeletion(Throwable failure) {
        return Failures.describe(failure)
                + (NOT_ALLOWED.equals(Failures.sqlState(failure))
                        ? "; grant delete on sequin.dead_letters to the role of postgres.user"
                        : "");
    }

    /** Deletes dead letters, replayed or not, and returns how many. */
    public int discard(Filter filter) {
        return matching("delete" + WHERE, filter).update();
    }
}
