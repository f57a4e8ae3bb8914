package io.github.sequinroutes.bench;

/** Ends Maven with a message if {@code -Dbench.*} cannot be used, before it builds anything to measure. */
public final class CheckOptions {
    private CheckOptions() {}

    /** Checks them. */
    public static void main(String[] arguments) {
        try {
            Options.of(System.getProperties());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            // not thrown: Maven would show where
            System.exit(2);
        }
    }
}
