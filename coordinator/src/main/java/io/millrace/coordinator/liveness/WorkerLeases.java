package io.millrace.coordinator.liveness;

import io.millrace.engine.Claimant;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    @Override
    public synchronized Optional<String> ended(Claimant claimant) {
        @Nullable Heard heard = workers.get(claimant.worker());
        if (heard == null || heard.incarnation.compareTo(claimant.incarnation()) < 0) {
            workers.put(claimant.worker(), new Heard(claimant.incarnation(), clock.time(), false));
            return Optional.empty();
        }
        if (heard.incarnation.compareTo(claimant.incarnation()) > 0) {
            return Optional.of("worker " + claimant.worker() + " was started anew");
        }
        if (heard.stopped) {
            return Optional.of("worker " + claimant.worker() + " has stopped");
        }
        return clock.time().minus(heard.at).compareTo(lease) <= 0
                ? Optional.empty()
                : Optional.of(
                        "worker " + claimant.worker() + " was silent for its lease of " + lease.toMillis() + " ms");
    }
}
