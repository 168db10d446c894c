package io.millrace.coordinator.query;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Those who wait for something to be shown of a run: its start, or its end.
 *
 * <p><b>Threading.</b> Any thread waits; the history's thread tells of arrivals, after they can be read. The sets are
 * changed only within the map's own atomic operations.
 */
final class Arrivals {
    /** More are not let in: waiting costs memory, and whoever is refused asks again. */
    private static final int MOST = 10_000;

    private final ConcurrentHashMap<String, Set<CompletableFuture<Boolean>>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger waiters = new AtomicInteger();

    /** @param isThere whether it is shown already; asked again once this caller cannot miss its arrival */
    CompletionStage<Boolean> await(String run, Duration limit, BooleanSupplier isThere) {
        if (isThere.getAsBoolean()) {
            return CompletableFuture.completedFuture(true);
        }
        if (waiters.incrementAndGet() > MOST) {
            waiters.decrementAndGet();
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> arrival = new CompletableFuture<>();
        waiting.compute(run, (id, others) -> {
            Set<CompletableFuture<Boolean>> all = others == null ? new HashSet<>() : others;
            all.add(arrival);
            return all;
        });
        CompletableFuture<Boolean> ended = arrival.whenComplete((arrived, never) -> leave(run, arrival));
        arrival.completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS);
        if (isThere.getAsBoolean()) {
            arrival.complete(true);
        }
        return ended;
    }

    private void leave(String run, CompletableFuture<Boolean> arrival) {
        waiters.decrementAndGet();
        waiting.computeIfPresent(run, (id, others) -> {
            others.remove(arrival);
            return others.isEmpty() ? null : others;
        });
    }

    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /** @param runs is asked for the runs only when somebody waits, and may name one more than once */
    void arrived(Supplier<Stream<String>> runs) {
        if (isAwaited()) {
            runs.get().forEach(this::arrived);
        }
    }

    private void arrived(String run) {
        Set<CompletableFuture<Boolean>> arrived = waiting.remove(run);
        if (arrived != null) {
            arrived.forEach(arrival -> arrival.complete(true));
        }
    }
}
