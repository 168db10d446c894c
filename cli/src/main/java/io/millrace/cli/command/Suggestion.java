package io.millrace.cli.command;

import java.util.Collection;
import java.util.Comparator;

/** The word that somebody most likely meant. */
final class Suggestion {
    private Suggestion() {}

    /** Like "; did you mean 'validate'?", or nothing when no word is near: at most a third of its letters differ, or it begins so. */
    static String among(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> word.startsWith(typed) || distance(typed, word) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt((String word) -> distance(typed, word))
                        .thenComparing(word -> word))
                .map(word -> "; did you mean '" + word + "'?")
                .orElse("");
    }

    /** How many letters to insert, drop, change or swap with their neighbour (optimal string alignment). */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, to, cost, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int[][] cost, int i, int j) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
