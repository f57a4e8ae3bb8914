package io.github.sequinroutes.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A kind of fault. */
enum FaultKind {
    /** kill -9 of the process, and a new one. */
    KILL(ProcessFaults::kill),
    /** SIGTERM to the process, and a new one. */
    TERMINATE(ProcessFaults::terminate),
    /** The process stands still, longer than its leases last, and goes on as if nothing had been. */
    FREEZE(ProcessFaults::freeze),
    /** A second process competes for a while, in which the first stands still for a time. */
    SECOND_PROCESS(ProcessFaults::secondProcess),
    /** PostgreSQL is restarted with -m fast. */
    POSTGRES_FAST((world, random) -> ProcessFaults.restartPostgres(world, random, false)),
    /** PostgreSQL is restarted with -m immediate. */
    POSTGRES_IMMEDIATE((world, random) -> ProcessFaults.restartPostgres(world, random, true)),
    /** A table is locked. */
    TABLE_LOCKED(TableFaults.ofOne(TableFaults::lock)),
    /** A table is locked for longer than a lease. */
    TABLE_LOCKED_LONG(TableFaults.ofOne(TableFaults::lockForLong)),
    /** A table rejects every record for a while. */
    TABLE_CLOSED(TableFaults.ofOne(TableFaults::close)),
    /** A column is renamed, and renamed back. */
    COLUMN_AWAY(TableFaults.ofOne(TableFaults::renameColumn)),
    /** A column's type is changed, and changed back. */
    COLUMN_RETYPED(TableFaults.ofOne(TableFaults::retypeColumn)),
    /** A record sleeps in a trigger, longer than its lease. */
    RECORD_SLEEPS(TableFaults.ofOne(TableFaults::sleep)),
    /** The dead letters' table is renamed, and renamed back. */
    DEAD_LETTERS_AWAY(TableFaults::renameDeadLetters),

    /** The connections to PostgreSQL are reset. */
    POSTGRES_CUT((world, random) -> NetworkFaults.cut(world.postgresNetwork, random)),
    /** A connection to PostgreSQL is reset in the middle of a request. */
    POSTGRES_REQUEST_CUT((world, random) -> NetworkFaults.cutRequest(world.postgresNetwork, random, 200_000)),
    /** A connection to PostgreSQL is reset in the middle of an answer: what became of the request is unknown. */
    POSTGRES_ANSWER_CUT((world, random) -> NetworkFaults.cutAnswer(world.postgresNetwork, random, 3_000)),
    /** PostgreSQL works but its answers do not arrive, until the connections are reset. */
    POSTGRES_STALL((world, random) -> NetworkFaults.stall(world.postgresNetwork, random)),
    /** The network to PostgreSQL is slow. */
    POSTGRES_SLOW((world, random) -> NetworkFaults.slow(world.postgresNetwork, random, 40)),
    /** The connections to Sequin are reset. */
    SEQUIN_CUT((world, random) -> NetworkFaults.cut(world.sequinNetwork, random)),
    /** A connection to Sequin is reset in the middle of a request. */
    SEQUIN_REQUEST_CUT((world, random) -> NetworkFaults.cutRequest(world.sequinNetwork, random, 5_000)),
    /** A connection to Sequin is reset in the middle of an answer. */
    SEQUIN_ANSWER_CUT((world, random) -> NetworkFaults.cutAnswer(world.sequinNetwork, random, 200_000)),
    /** Sequin works but its answers do not arrive, until the connections are reset. */
    SEQUIN_STALL((world, random) -> NetworkFaults.stall(world.sequinNetwork, random)),
    /** The network to Sequin is slow. */
    SEQUIN_SLOW((world, random) -> NetworkFaults.slow(world.sequinNetwork, random, 300)),

    /** Sequin answers 429. */
    SEQUIN_429(ServerFaults::tooManyRequests),
    /** Sequin answers 500. */
    SEQUIN_500(ServerFaults::internalError),
    /** Sequin answers 502 with HTML. */
    SEQUIN_502(ServerFaults::badGateway),
    /** Sequin's answer is cut short. */
    SEQUIN_TRUNCATED(ServerFaults::truncated),
    /** Sequin's answer is empty. */
    SEQUIN_EMPTY(ServerFaults::empty),
    /** Acks are applied, but the answer is 500 or none. */
    ACK_LOST(ServerFaults::ackLost),
    /** Acks and nacks are never answered, whether they are applied or not. */
    ACK_UNANSWERED(ServerFaults::ackUnanswered),
    /** Sequin restarts: all in flight comes again, with new tokens. */
    SEQUIN_RESTART(ServerFaults::restart),

    /** Replication restarts: what was acked comes again, the oldest first, and what is in flight with new tokens. */
    SEQUIN_REPLAY(StreamFaults::replay, Api.STREAM),
    /** An exception: Sequin answers 500, and writes a second status line after that. */
    SEQUIN_EXCEPTION(StreamFaults::exception, Api.STREAM),
    /** Sequin starts: it refuses, answers 500 in two ways, and replays. */
    SEQUIN_START(StreamFaults::startServer, Api.STREAM),
    /** A function of the sink raises for some rows: every answer with one of them is a 500. */
    FUNCTION_RAISES(StreamFaults::functionRaises, Api.STREAM),
    /** The sink is paused, and resumed. */
    SINK_PAUSED(StreamFaults::pauseSink, Api.STREAM),
    /** The source is restarted with -m fast or -m immediate. */
    SOURCE_RESTART(StreamFaults::restartSource, Api.STREAM);

    /** What happens; it is over when this returns. */
    @FunctionalInterface
    interface Action {
        void happen(World world, Random random) throws Exception;
    }

    @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
    private final Action action;

    /** The only API that can have it, or null. */
    private final Api only;

    FaultKind(Action action) {
        this(action, null);
    }

    FaultKind(Action action, Api only) {
        this.action = action;
        this.only = only;
    }

    /** Those that an API can have. */
    static List<FaultKind> of(Api api) {
        return Arrays.stream(values())
                .filter(fault -> fault.only == null || fault.only == api)
                .toList();
    }

    /** Has it happen, from its beginning to its end. */
    void happen(World world, Random random) throws Exception {
        action.happen(world, random);
    }

    /** Whether it is about processes and tables, which fail one at a time, rather than about networks. */
    boolean isOfProcesses() {
        return compareTo(POSTGRES_CUT) < 0;
    }
}
