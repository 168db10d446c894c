package io.millrace.schedule;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A text is no cron expression. The message says what is wrong, without a full stop. */
public final class CronException extends Exception {
    private static final long serialVersionUID = 1;

    private final int position;
    private final String expected;
    private @Nullable String suggestion;
    private String written = "";
    private List<String> candidates = List.of();

    CronException(int position, String message, String expected) {
        super(message);
        this.position = position;
        this.expected = expected;
    }

    CronException suggesting(String word) {
        suggestion = word;
        return this;
    }

    CronException nearest(String word, List<String> known) {
        written = word;
        candidates = List.copyOf(known);
        return this;
    }

    /** Where in the text it is: the index of a character, from 0; the end of the text where something is missing there. */
    public int position() {
        return position;
    }

    /** What would be right there. */
    public String expected() {
        return expected;
    }

    /** What was certainly meant, such as MON by Monday. */
    public Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }

    /** The word that is unknown; empty when that is not what is wrong. */
    public String written() {
        return written;
    }

    /** The words that there are; whichever is the nearest to what was written was probably meant. */
    public List<String> candidates() {
        return candidates;
    }
}
