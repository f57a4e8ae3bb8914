package io.github.sequinroutes.config;

import java.util.List;
import java.util.function.Function;
import org.apache.camel.util.TimeUtils;

/**
 * A key of a bundle, without the prefix {@code sequin.}.
 *
 * @param <T>      what its value is to the code
 * @param name     such as {@code batch-size}
 * @param fallback the default, as somebody would write it; null if a value must be given
 * @param check    what is wrong with a value, in words for a person and without the value if it is a secret; null if
 *                 nothing is
 * @param read     reads a value with which nothing is wrong
 */
public record Key<T>(String name, String fallback, Function<String, String> check, Function<String, T> read) {

    static Key<String> text(String name, String fallback, Function<String, String> check) {
        return new Key<>(name, fallback, check, value -> value);
    }

    static Key<Integer> number(String name, String fallback, int least, int most) {
        return new Key<>(name, fallback, Validators.number(least, most), Integer::valueOf);
    }

    /** A duration, which is milliseconds to the code. */
    static Key<Long> millis(String name, String fallback, long least, long most) {
        return new Key<>(name, fallback, Validators.duration(least, most), TimeUtils::toMilliSeconds);
    }

    static Key<List<String>> list(String name, String fallback, Function<String, String> check) {
        return new Key<>(name, fallback, check, value -> value.isEmpty() ? List.of() : List.of(value.split(" *, *")));
    }

    /** What is wrong with a value, in words for a person and without the value if it is a secret; null if nothing is. */
    public String problem(String value) {
        if (value.isEmpty() && fallback == null) {
            return "is missing";
        }
        String quotes = Validators.quotes(value);
        return quotes == null ? check.apply(value) : quotes;
    }

    /** What the default is to the code; only of a key that has one. */
    public T defaultValue() {
        return read.apply(fallback);
    }
}
