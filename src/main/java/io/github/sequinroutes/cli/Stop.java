package io.github.sequinroutes.cli;

/**
 * Ends the process with status 0 when it is told to stop: a JVM that a signal ends exits with 143, but one that has
 * finished its work has done what it was told. What is in flight is finished if that is possible in time; what is not is
 * given up, unacked, and comes again. Light, because it is the first thing a process loads: until it is installed, a
 * signal ends the JVM in its own way.
 */
final class Stop extends Thread {
    /** How long the routes may take to finish what is in flight. */
    static final int DRAIN_SECONDS = 6;

    /**
     * After that the process ends, whatever hangs. A service manager kills what takes ten seconds, and on a busy machine the
     * JVM takes more than a second to begin the stop and to end.
     */
    private static final long END_MILLIS = 7_500;

    private static final long LAST_LINES_MILLIS = 500;

    private static boolean installed;
    private static volatile Standalone standalone;
    private static volatile boolean ended;

    private Stop() {
        super("stop");
    }

    /** From now on a signal ends the process with status 0. */
    static synchronized void install() {
        if (!installed) {
            installed = true;
            Runtime.getRuntime().addShutdownHook(new Stop());
        }
    }

    /** Says what has to be closed; until then there is nothing to finish. */
    static void closes(Standalone running) {
        standalone = running;
    }

    /** Ends the process with a status of its own. */
    static void end(int status) {
        ended = true;
        System.exit(status);
    }

    @Override
    public void run() {
        if (ended) {
            return;
        }
        Standalone running = standalone;
        if (running != null) {
            boolean mayBeInFlight = running.stopFetching();
            if (mayBeInFlight) {
                await("drain", running::drain, END_MILLIS);
            }
            // by a thread that need not end: whoever reads the log may be what hangs
            await("stopped", mayBeInFlight ? running::tellStopped : Standalone::tellNothingFetched, LAST_LINES_MILLIS);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Has a thread do this, and waits for it no longer than that. */
    static void await(String name, Runnable work, long millis) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
