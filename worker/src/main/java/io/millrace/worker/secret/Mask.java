package io.millrace.worker.secret;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts {@code ***} in the place of secrets, in whatever of their {@link MaskedForms forms} they stand; what two of them cover together is one
 * {@code ***}.
 *
 * <p><b>Threading:</b> safe; what is added counts for every text that is given afterwards.
 */
public final class Mask {
    /** What is seen instead. */
    public static final String STARS = "***";

    /** What a decoder leaves of a character that was cut. */
    private static final char BROKEN = '\uFFFD';

    private volatile List<String> hidden = List.of();

    /** Hides a value from now on. */
    synchronized void add(String value) {
        Set<String> all = new LinkedHashSet<>(hidden);
        all.addAll(MaskedForms.of(value));
        hidden = List.copyOf(all);
    }

    /** Whether there is nothing to hide. */
    public boolean isEmpty() {
        return hidden.isEmpty();
    }

    /** Whether a text holds what is to be hidden. */
    public boolean finds(String text) {
        return hidden.stream().anyMatch(text::contains);
    }

    /** The text without secrets. */
    public String of(String text) {
        List<String> forms = hidden;
        return forms.isEmpty() ? text : shown(text, covered(text, forms), text.length());
    }

    /**
     * The beginning of a line without secrets, of at most about so many characters. A line that is longer may have been cut before it came here: what
     * stands at its end and begins like a secret is hidden, too.
     */
    public String line(String text, int longest) {
        List<String> forms = hidden;
        if (forms.isEmpty()) {
            return text;
        }
        BitSet covered = covered(text, forms);
        if (text.length() <= longest) {
            return shown(text, covered, text.length());
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == BROKEN) {
            end--;
        }
        int unfinished = unfinished(text.substring(0, end), forms);
        covered.set(end - unfinished, end);
        return shown(text, covered, longest);
    }

    private static BitSet covered(String text, List<String> forms) {
        BitSet covered = new BitSet();
        for (String form : forms) {
            for (int at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
                covered.set(at, at + form.length());
            }
        }
        return covered;
    }

    /** How many of the last characters are the beginning of something hidden. */
    private static int unfinished(String text, List<String> forms) {
        int most = 0;
        for (String form : forms) {
            for (int length = Math.min(form.length() - 1, text.length()); length > most; length--) {
                if (text.regionMatches(text.length() - length, form, 0, length)) {
                    most = length;
                }
            }
        }
        return most;
    }

    private static String shown(String text, BitSet covered, int end) {
        if (covered.isEmpty()) {
            return text.substring(0, end);
        }
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < end) {
            int from = covered.nextSetBit(at);
            if (from < 0 || from >= end) {
                parts.add(text.substring(at, end));
                break;
            }
            parts.add(text.substring(at, from));
            parts.add(STARS);
            at = covered.nextClearBit(from);
        }
        return String.join("", parts);
    }
}
