package io.millrace.cli.profile;

import java.util.List;

/** The file of profiles cannot be used. The message has every mistake on a line of its own, with its place. */
public final class ProfilesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProfilesException(List<String> mistakes) {
        super("the profiles cannot be used:\n  " + String.join("\n  ", mistakes));
    }
}
