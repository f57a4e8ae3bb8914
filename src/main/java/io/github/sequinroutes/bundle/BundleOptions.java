package io.github.sequinroutes.bundle;

import io.github.sequinroutes.config.BundleConfig;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a bundle is told: the keys of the README, each with its default, checked as a whole. Does not change.
 *
 * <pre>{@code
 * BundleOptions options = BundleOptions.of(Map.of("url", "http://localhost:7376", "consumer", "orders")::get);
 * }</pre>
 */
public final class BundleOptions {
    private final BundleConfig config;

    private BundleOptions(BundleConfig config) {
        this.config = config;
    }

    /**
     * Options of the bundle of an application that has one.
     *
     * @param values the value of a key without its prefix, e.g. {@code batch-size}, or null if it is not given
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static BundleOptions of(UnaryOperator<String> values) {
        return of(BundleConfig.DEFAULT_NAME, values);
    }

    /**
     * Options of one bundle of several.
     *
     * @param name   its name, a word in lower case; in messages its keys are {@code sequin.<name>.*}
     * @param values the value of a key without its prefix, or null if it is not given
     * @throws IllegalArgumentException if anything is wrong, with every problem
     */
    public static BundleOptions of(String name, UnaryOperator<String> values) {
        return new BundleOptions(BundleConfig.of(name, values));
    }

    /** The same, with a bearer token that can change: it is asked for before each request. */
    public BundleOptions withToken(Supplier<String> token) {
        return new BundleOptions(config.withToken(token));
    }

    BundleConfig config() {
        return config;
    }
}
