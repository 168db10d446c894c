package io.millrace.expression;

import java.util.Optional;

/**
 * Something that keeps an expression from being used.
 *
 * @param place where it is
 * @param message what is wrong, without a full stop
 * @param expected what would be right
 * @param suggestion what was probably meant
 */
public record Flaw(Place place, String message, Optional<String> expected, Optional<String> suggestion) {
    static Flaw of(Place place, String message) {
        return new Flaw(place, message, Optional.empty(), Optional.empty());
    }

    Flaw expecting(String what) {
        return new Flaw(place, message, Optional.of(what), suggestion);
    }

    Flaw suggesting(Optional<String> what) {
        return new Flaw(place, message, expected, what);
    }
}
