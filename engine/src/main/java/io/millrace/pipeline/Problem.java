package io.millrace.pipeline;

import java.util.Optional;

/**
 * Something in a pipeline's file that keeps it from being used, with its place.
 *
 * @param file the name of the file
 * @param line the line, from 1
 * @param column the column in code points, from 1
 * @param message what is wrong, without a full stop
 * @param expected what would be right
 * @param suggestion what was probably meant
 */
public record Problem(
        String file, int line, int column, String message, Optional<String> expected, Optional<String> suggestion) {
    /** {@code file:line:column: message; expected …; did you mean "…"?} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message
                + expected.map(text -> "; expected " + text).orElse("")
                + suggestion.map(text -> "; did you mean \"" + text + "\"?").orElse("");
    }
}
