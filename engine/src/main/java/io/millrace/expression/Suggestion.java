package io.millrace.expression;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant by a misspelt name. */
public final class Suggestion {
    private static final int LONGEST = 100;

    private Suggestion() {}

    /**
     * The candidate nearest to what was written, if one is near: at most a third of its letters are inserted, deleted,
     * replaced or swapped with a neighbour. Of equally near ones it is the first.
     */
    public static Optional<String> of(String written, Collection<String> candidates) {
        if (written.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int shorter = Math.min(written.length(), candidate.length());
            int longer = Math.max(written.length(), candidate.length());
            int allowed = shorter == 2 && longer == 3 ? 1 : shorter / 3;
            if (Math.abs(written.length() - candidate.length()) > allowed || candidate.equals(written)) {
                continue;
            }
            int distance = distance(fold(written), fold(candidate));
            if (distance <= allowed && distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
    }

    /** The optimal string alignment distance. */
    private static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
