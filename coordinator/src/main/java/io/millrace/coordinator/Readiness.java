package io.millrace.coordinator;

import io.millrace.coordinator.api.ReadinessCheck;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.topology.RunEngineStreams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What must be in order before requests are answered in full.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
record Readiness(List<ReadinessCheck> checks) {
    /** Nothing: of a coordinator that has not started. */
    static final Readiness NONE = new Readiness(List.of());

    private static final Duration INTERVAL = Duration.ofMillis(20);

    /** Of these parts of a coordinator. */
    static Readiness of(RunEngineStreams engine, History history) {
        return new Readiness(List.of(
                new ReadinessCheck("run-engine", engine::trouble),
                new ReadinessCheck("history", history::trouble),
                new ReadinessCheck(
                        "history-caught-up",
                        () -> history.isCaughtUp()
                                ? Optional.empty()
                                : Optional.of("the history has " + history.lag() + " events still to read"))));
    }

    /** Waits until everything is in order; false when the limit is over before. */
    boolean await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (checks.stream().anyMatch(check -> check.trouble().get().isPresent())) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
        }
        return true;
    }
}
