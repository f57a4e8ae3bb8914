package io.github.sequinroutes.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody meant to write. */
final class Nearest {
    private static final int SEVERAL = 3;

    private Nearest() {}

    /** The one of the names that takes the fewest typos to become this one; the first of several. */
    static String to(String name, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(known -> distance(name, known)))
                .orElseThrow();
    }

    /** Those of the names that are nearest to this one, the nearest first. */
    static List<String> several(String name, Collection<String> names) {
        return names.stream()
                .sorted(Comparator.comparingInt(known -> distance(name, known)))
                .limit(SEVERAL)
                .toList();
    }

    /** The number of typos between two names: a character too many, missing, another, or two of them swapped. */
    static int distance(String a, String b) {
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
