package io.millrace.coordinator.liveness;

import io.millrace.engine.Claimant;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The leases of all workers, by what has been heard of them: a lease ends when the worker was silent for its length,
 * when a later life of the same worker is heard of, or when the worker says that it has stopped (G7).
 *
 * <p>Incarnations are ordered: a later life has the greater id. A zombie's late heartbeat therefore takes nothing from
 * its successor.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class WorkerLeases implements Leases {
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final Duration lease;
    private final LeaseClock clock;
    private final Map<String, Heard> workers = new HashMap<>();

    private record Heard(String incarnation, Duration at, boolean stopped) {}

    WorkerLeases(Duration lease, LeaseClock clock) {
        this.lease = lease;
        this.clock = clock;
    }

    synchronized void heard(WorkerHeartbeat heartbeat) {
        Heard last = workers.get(heartbeat.getWorker());
        if (last == null || last.incarnation.compareTo(heartbeat.getIncarnation()) <= 0) {
            boolean stopped = heartbeat.getState() == WorkerState.STOPPED;
            workers.put(heartbeat.getWorker(), new Heard(heartbeat.getIncarnation(), clock.time(), stopped));
        }
    }

    /** All that was written by this moment has been heard. @return for how long nothing could be heard */
    synchronized Duration confirm(long nanoTime) {
        Duration outage = clock.confirm(nanoTime);
        workers.values().removeIf(heard -> clock.time().minus(heard.at).compareTo(FORGOTTEN_AFTER) > 0);
        return outage;
    }

    /** Counts as heard of just now, unless something was heard of this life or of a later one. */
    synchronized void expect(Claimant claimant) {
        Heard heard = workers.get(claimant.worker());
        if (heard == null || heard.incarnation.compareTo(claimant.incarnation()) < 0) {
            workers.put(claimant.worker(), new Heard(claimant.incarnation(), clock.time(), false));
        }
    }

    /** Those that have been silent for their lease, and had not said that they stop. */
    synchronized Set<Claimant> silent() {
        return workers.entrySet().stream()
                .filter(worker -> !worker.getValue().stopped && isOver(worker.getValue()))
                .map(worker -> new Claimant(worker.getKey(), worker.getValue().incarnation))
                .collect(Collectors.toSet());
    }

    private boolean isOver(Heard heard) {
        return clock.time().minus(heard.at).compareTo(lease) > 0;
    }

    @Override
    public synchronized Optional<String> ended(Claimant claimant) {
        expect(claimant);
        Heard heard = Objects.requireNonNull(workers.get(claimant.worker()));
        if (heard.incarnation.compareTo(claimant.incarnation()) > 0) {
            return Optional.of("worker " + claimant.worker() + " was started anew");
        }
        if (heard.stopped) {
            return Optional.of("worker " + claimant.worker() + " has stopped");
        }
        return isOver(heard)
                ? Optional.of(
                        "worker " + claimant.worker() + " was silent for its lease of " + lease.toMillis() + " ms")
                : Optional.empty();
    }
}
