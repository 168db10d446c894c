package io.millrace.coordinator.query;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Those who wait for a run to be shown.
 *
 * <p><b>Threading.</b> Any thread waits; the history's thread tells of arrivals, after they can be read.
 */
final class Arrivals {
    /** More are not let in: waiting costs memory, and whoever is refused asks again. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<String, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    /** @param isThere whether it is shown already; asked again once this caller cannot miss its arrival */
    CompletionStage<Boolean> await(String run, Duration limit, BooleanSupplier isThere) {
        if (isThere.getAsBoolean()) {
            return CompletableFuture.completedFuture(true);
        }
        if (waiting.size() >= MOST) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> arrival = waiting.computeIfAbsent(run, id -> new CompletableFuture<>());
        if (isThere.getAsBoolean()) {
            waiting.remove(run, arrival);
            arrival.complete(true);
        }
        // The first whose time is up ends the entry; another one's wait then ends by its own time, which is not wrong.
        return arrival.copy()
                .completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((arrived, never) -> waiting.remove(run, arrival));
    }

    void arrived(Collection<String> runs) {
        if (waiting.isEmpty()) {
            return;
        }
        for (String run : runs) {
            CompletableFuture<Boolean> arrival = waiting.remove(run);
            if (arrival != null) {
                arrival.complete(true);
            }
        }
    }
}
