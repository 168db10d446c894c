package io.millrace.pipeline;

import java.util.regex.Pattern;

/** How things in a pipeline may be called. */
final class Names {
    static final String ID_RULE =
            "a lower-case letter, then lower-case letters, digits and underscores, at most 63 characters";

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private Names() {}

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }
}
