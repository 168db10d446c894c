package io.millrace.pipeline;

import java.util.Set;
import java.util.regex.Pattern;

/** How things in a pipeline may be called. */
final class Names {
    static final String ID_RULE =
            "a lower-case letter, then lower-case letters, digits and underscores, at most 63 characters";
    static final String MEMBER_RULE =
            "a letter or underscore, then letters, digits and underscores, at most 63 characters";

    /** Words of the expression language, which no member can be called by. */
    static final Set<String> WORDS = Set.of("in", "true", "false", "null");

    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private Names() {}

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether it can be the name of an input, an output or an environment variable. */
    static boolean isMember(String text) {
        return MEMBER.matcher(text).matches();
    }
}
