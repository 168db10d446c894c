package io.millrace.cli.endtoend;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must become true, generously, and says what it was when it does not. */
public final class Until {
    public static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Until() {}

    public static void holds(String what, BooleanSupplier condition) {
        holds(what, LIMIT, condition);
    }

    public static void holds(String what, Duration limit, BooleanSupplier condition) {
        found(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    public static <T> T found(String what, Duration limit, Supplier<Optional<T>> search) {
        return found(() -> what, limit, search);
    }

    /** @param what asked for when it did not come true, so that it tells what there was by then */
    public static <T> T found(Supplier<String> what, Duration limit, Supplier<Optional<T>> search) {
        Instant end = Instant.now().plus(limit);
        while (true) {
            Optional<T> result = search.get();
            if (result.isPresent()) {
                return result.get();
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("within " + limit.toSeconds() + " s this did not come true: " + what.get());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
