package io.millrace.worker.files;

import java.util.ArrayList;
import java.util.List;

/**
 * What one name of a path has to be like: {@code *} stands for any characters, {@code ?} for one, {@code {a,b}} for one of several texts. Comparing takes at
 * most as many steps as both have characters, multiplied.
 */
final class Wildcard {
    private final List<int[]> alternatives;

    private Wildcard(List<int[]> alternatives) {
        this.alternatives = alternatives;
    }

    /** @throws IllegalArgumentException when braces do not belong together */
    static Wildcard of(String text) {
        return new Wildcard(
                expanded(text).stream().map(each -> each.codePoints().toArray()).toList());
    }

    /** The texts that braces stand for; without any the text itself. */
    private static List<String> expanded(String text) {
        int open = text.indexOf('{');
        if (open < 0) {
            return List.of(text);
        }
        int close = text.indexOf('}', open);
        if (close < 0) {
            throw new IllegalArgumentException("a brace that is not closed in " + text);
        }
        List<String> ends = expanded(text.substring(close + 1));
        List<String> all = new ArrayList<>();
        for (String choice : text.substring(open + 1, close).split(",", -1)) {
            ends.forEach(end -> all.add(text.substring(0, open) + choice + end));
        }
        return all;
    }

    boolean matches(String name) {
        int[] characters = name.codePoints().toArray();
        return alternatives.stream().anyMatch(each -> matches(each, characters));
    }

    /** After a mismatch only the last star has to take one more: what an earlier one could, the last can as well. */
    private static boolean matches(int[] pattern, int[] name) {
        int at = 0;
        int star = -1;
        int resume = 0;
        int i = 0;
        while (i < name.length) {
            if (at < pattern.length && pattern[at] == '*') {
                star = at++;
                resume = i;
            } else if (at < pattern.length && (pattern[at] == '?' || pattern[at] == name[i])) {
                at++;
                i++;
            } else if (star >= 0) {
                at = star + 1;
                i = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }
}
