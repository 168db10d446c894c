package io.millrace.schemas.config;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One setting that was looked up, and what it is if it is not given. A mistake is noted with the {@link Settings} it came from and
 * thrown by their {@link Settings#check}; until then a stand-in takes its place.
 *
 * @param <T> the type of the value
 */
public final class Setting<T> {
    private final @Nullable T given;
    private final boolean wrong;
    private final T standIn;
    private final Consumer<String> missing;

    Setting(@Nullable T given, boolean wrong, T standIn, Consumer<String> missing) {
        this.given = given;
        this.wrong = wrong;
        this.standIn = standIn;
        this.missing = missing;
    }

    /** The value, or this one when it is not given or wrong. */
    public T or(T otherwise) {
        return given == null ? otherwise : given;
    }

    /** The value; empty when it is not given or wrong. */
    public Optional<T> optional() {
        return Optional.ofNullable(given);
    }

    /** Whether there is a value, right or wrong: so that one mistake is not told twice. */
    public boolean isGiven() {
        return given != null || wrong;
    }

    /** The value; that it is not given is a mistake. */
    public T required() {
        if (given != null) {
            return given;
        }
        if (!wrong) {
            missing.accept("it must be set");
        }
        return standIn;
    }
}
