package io.millrace.coordinator.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line in the log of one attempt, by the record that holds it.
 *
 * @param offset the record's offset in the partition of the attempt
 * @param line the line's number within the record, from 0
 */
public record LogPlace(long offset, int line) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,9})");

    /** Reads what {@link #toString} wrote; empty when it did not. */
    public static Optional<LogPlace> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new LogPlace(Long.parseLong(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    boolean isAfter(long otherOffset, int otherLine) {
        return offset > otherOffset || offset == otherOffset && line > otherLine;
    }

    @Override
    public String toString() {
        return offset + "." + line;
    }
}
