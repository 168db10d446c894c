package io.millrace.schemas.config;

import java.util.Collection;
import java.util.Optional;

/** Which known word somebody may have meant. */
final class Suggestion {
    private Suggestion() {}

    /** The known word with the fewest edits; empty when even that one is too far off to be meant. */
    static Optional<String> of(String word, Collection<String> known) {
        var fewest = Math.max(2, word.length() / 4) + 1;
        Optional<String> nearest = Optional.empty();
        for (var candidate : known) {
            var edits = edits(word, candidate);
            if (edits < fewest) {
                fewest = edits;
                nearest = Optional.of(candidate);
            }
        }
        return nearest;
    }

    /** How many characters must be inserted, dropped or replaced (Levenshtein). */
    private static int edits(String from, String to) {
        var above = new int[to.length() + 1];
        for (var j = 0; j <= to.length(); j++) {
            above[j] = j;
        }
        for (var i = 1; i <= from.length(); i++) {
            var row = new int[to.length() + 1];
            row[0] = i;
            for (var j = 1; j <= to.length(); j++) {
                var replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[to.length()];
    }
}
