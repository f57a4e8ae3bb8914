package io.github.sequinroutes.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds what somebody meant to write. */
public final class Nearest {
    private static final int SEVERAL = 3;

    private Nearest() {}

    /** The one of the names that takes the fewest typos to become this one; the first of several. */
    public static String to(String name, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(known -> distance(name, known)))
                .orElseThrow();
    }

    /** Those of the names that are nearest to this one, the nearest first. */
    public static List<String> several(String name, Collection<String> names) {
        return names.stream()
                .sorted(Comparator.comparingInt(known -> distance(name, known)))
                .limit(SEVERAL)
                .toList();
    }

    /** The one that is so near that it may be what was meant, upper and lower case being the same; the first of several. */
    public static Optional<String> likely(String misspelt, Collection<String> names) {
        String lower = misspelt.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, misspelt.length() / 3);
        return names.stream()
                .filter(name -> distance(lower, name.toLowerCase(Locale.ROOT)) <= limit)
                .min(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))));
    }

    /**
     * The collection that may be meant, each part of its ID for itself: what is the same for all of a provider, or of a schema,
     * makes none of them near to another.
     */
    public static Optional<String> likelyCollection(String misspelt, Collection<String> collections) {
        String[] parts = misspelt.split("[:.]", -1);
        return likely(
                misspelt,
                collections.stream()
                        .filter(one -> {
                            String[] others = one.split("[:.]", -1);
                            return others.length != parts.length
                                    || IntStream.range(0, parts.length)
                                            .allMatch(i -> likely(parts[i], List.of(others[i]))
                                                    .isPresent());
                        })
                        .toList());
    }

    /** {@code "; did you mean guard?"}, or nothing if no name is near. */
    public static String hint(String misspelt, Collection<String> names) {
        return likely(misspelt, names)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Whether there are at most so many typos between two names. */
    public static boolean isWithin(int typos, String a, String b) {
        // most of those that are far from each other differ in length, and the rest costs
        return Math.abs(a.length() - b.length()) <= typos && distance(a, b) <= typos;
    }

    /** The number of typos between two names: a character too many, missing, another, or two of them swapped. */
    public static int distance(String a, String b) {
        int[][] typos = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    typos[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                typos[i][j] = Math.min(Math.min(typos[i - 1][j], typos[i][j - 1]) + 1, typos[i - 1][j - 1] + same);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    typos[i][j] = Math.min(typos[i][j], typos[i - 2][j - 2] + 1);
                }
            }
        }
        return typos[a.length()][b.length()];
    }
}
