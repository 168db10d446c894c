package io.millrace.pipeline.lint;

import java.util.Locale;

/** How much a finding matters. */
public enum Severity {
    /** It does harm as it stands. */
    ERROR,
    /** It will do harm on the day on which something else goes wrong. */
    WARNING,
    /** It could be simpler or clearer. */
    HINT;

    /** The word in lower case, as it is printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
