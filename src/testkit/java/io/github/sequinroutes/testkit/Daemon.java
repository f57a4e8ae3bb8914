package io.github.sequinroutes.testkit;

import java.io.IOException;

/** Threads that end with the JVM, or when what they read from is closed. */
public final class Daemon {
    /** What such a thread does. */
    @FunctionalInterface
    public interface Task {
        /** An IOException ends the thread quietly: somebody has closed its socket. */
        void run() throws IOException;
    }

    private Daemon() {}

    /** Starts one. */
    public static Thread start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // closed: there is nothing more to do
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
