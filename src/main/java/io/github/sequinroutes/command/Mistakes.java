package io.github.sequinroutes.command;

import io.github.sequinroutes.bind.TemplateException;
import io.github.sequinroutes.judge.Failures;
import java.io.PrintWriter;

/** Tells a user's mistake from a failure, and says either without a stack trace. */
final class Mistakes {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    private Mistakes() {}

    /** Prints what went wrong, and returns the exit status. */
    static int report(Throwable failure, PrintWriter out) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Settings.SettingsException || cause instanceof TemplateException) {
                out.println(cause.getMessage());
                return WRONG;
            }
        }
        out.println(Failures.describe(failure));
        return FAILED;
    }
}
