package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Nearest;
import java.util.Collection;

/** Finds the right name that a misspelt one is nearest to. */
final class DidYouMean {
    private DidYouMean() {}

    /** {@code "; did you mean guard?"}, or nothing if no name is near. */
    static String hint(String misspelt, Collection<String> names) {
        return Nearest.hint(misspelt, names);
    }
}
