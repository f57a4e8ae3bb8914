package io.github.sequinroutes.chaos;

import java.util.Random;

/** A kind of fault. */
enum Trouble {
    /** kill -9 of the process, and a new one. */
    KILL(Machines::kill),
    /** SIGTERM to the process, and a new one. */
    TERMINATE(Machines::terminate),
    /** The process stands still, longer than its leases last, and goes on as if nothing had been. */
    FREEZE(Machines::freeze),
    /** A second process competes for a while, in which the first stands still for a time. */
    SECOND_PROCESS(Machines::secondProcess),
    /** PostgreSQL is restarted with -m fast. */
    POSTGRES_FAST((world, random) -> Machines.restartPostgres(world, random, false)),
    /** PostgreSQL is restarted with -m immediate. */
    POSTGRES_IMMEDIATE((world, random) -> Machines.restartPostgres(world, random, true)),
    /** A table is locked. */
    TABLE_LOCKED(Tables.ofOne(Tables::lock)),
    /** A table is locked for longer than a lease. */
    TABLE_LOCKED_LONG(Tables.ofOne(Tables::lockForLong)),
    /** A table rejects every record for a while. */
    TABLE_CLOSED(Tables.ofOne(Tables::close)),
    /** A column is renamed, and renamed back. */
    COLUMN_AWAY(Tables.ofOne(Tables::renameColumn)),
    /** A column's type is changed, and changed back. */
    COLUMN_RETYPED(Tables.ofOne(Tables::retypeColumn)),
    /** A record sleeps in a trigger, longer than its lease. */
    RECORD_SLEEPS(Tables.ofOne(Tables::sleep)),
    /** The dead letters' table is renamed, and renamed back. */
    DEAD_LETTERS_AWAY(Tables::renameDeadLetters),

    /** The connections to PostgreSQL are reset. */
    POSTGRES_CUT((world, random) -> Networks.cut(world.postgresNetwork, random)),
    /** A connection to PostgreSQL is reset in the middle of a request. */
    POSTGRES_REQUEST_CUT((world, random) -> Networks.cutRequest(world.postgresNetwork, random, 200_000)),
    /** A connection to PostgreSQL is reset in the middle of an answer: what became of the request is unknown. */
    POSTGRES_ANSWER_CUT((world, random) -> Networks.cutAnswer(world.postgresNetwork, random, 3_000)),
    /** PostgreSQL works but its answers do not arrive, until the connections are reset. */
    POSTGRES_STALL((world, random) -> Networks.stall(world.postgresNetwork, random)),
    /** The network to PostgreSQL is slow. */
    POSTGRES_SLOW((world, random) -> Networks.slow(world.postgresNetwork, random, 40)),
    /** The connections to Sequin are reset. */
    SEQUIN_CUT((world, random) -> Networks.cut(world.sequinNetwork, random)),
    /** A connection to Sequin is reset in the middle of a request. */
    SEQUIN_REQUEST_CUT((world, random) -> Networks.cutRequest(world.sequinNetwork, random, 5_000)),
    /** A connection to Sequin is reset in the middle of an answer. */
    SEQUIN_ANSWER_CUT((world, random) -> Networks.cutAnswer(world.sequinNetwork, random, 200_000)),
    /** Sequin works but its answers do not arrive, until the connections are reset. */
    SEQUIN_STALL((world, random) -> Networks.stall(world.sequinNetwork, random)),
    /** The network to Sequin is slow. */
    SEQUIN_SLOW((world, random) -> Networks.slow(world.sequinNetwork, random, 300)),

    /** Sequin answers 429. */
    SEQUIN_429(Servers::tooManyRequests),
    /** Sequin answers 500. */
    SEQUIN_500(Servers::internalError),
    /** Sequin answers 502 with HTML. */
    SEQUIN_502(Servers::badGateway),
    /** Sequin's answer is cut short. */
    SEQUIN_TRUNCATED(Servers::truncated),
    /** Sequin's answer is empty. */
    SEQUIN_EMPTY(Servers::empty),
    /** Acks are applied, but the answer is 500 or none. */
    ACK_LOST(Servers::ackLost),
    /** Acks and nacks are never answered, whether they are applied or not. */
    ACK_UNANSWERED(Servers::ackUnanswered),
    /** Sequin restarts: all in flight comes again, with new tokens. */
    SEQUIN_RESTART(Servers::restart);

    /** What happens; it is over when this returns. */
    @FunctionalInterface
    interface Action {
        void happen(World world, Random random) throws Exception;
    }

    @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
    private final Action action;

    Trouble(Action action) {
        this.action = action;
    }

    /** Has it happen, from its beginning to its end. */
    void happen(World world, Random random) throws Exception {
        action.happen(world, random);
    }

    /** Whether it is about processes and tables, which are troubled one at a time, rather than about networks. */
    boolean isAboutMachines() {
        return compareTo(POSTGRES_CUT) < 0;
    }
}
