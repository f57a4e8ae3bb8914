package io.github.sequinroutes.collection;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the right name that a misspelt one is nearest to. */
public final class DidYouMean {
    private DidYouMean() {}

    /** {@code "; did you mean guard?"}, or nothing if no name is near. */
    public static String hint(String misspelt, Collection<String> names) {
        return nearest(misspelt, names)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** The right name itself, if one is near. */
    public static Optional<String> nearest(String misspelt, Collection<String> names) {
        int limit = Math.max(1, misspelt.length() / 3);
        return names.stream()
                .filter(name -> distance(misspelt, name) <= limit)
                .min(Comparator.comparingInt(name -> distance(misspelt, name)));
    }

    /** How many characters are missing, too many, wrong or swapped; upper and lower case are the same. */
    private static int distance(String misspelt, String name) {
        String a = misspelt.toLowerCase(Locale.ROOT);
        String b = name.toLowerCase(Locale.ROOT);
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int wrong = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
                least = Math.min(least, distance[i - 1][j - 1] + wrong);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = least;
            }
        }
        return distance[a.length()][b.length()];
    }
}
