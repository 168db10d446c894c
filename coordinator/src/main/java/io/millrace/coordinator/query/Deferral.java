package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a deferred task waits for. With neither a run nor items it is an answer, or only the time.
 *
 * @param since when it began to wait
 * @param childRun the run that it started
 * @param items how many items it has
 * @param until when its time is up, where it has a limit
 */
public record Deferral(Instant since, Optional<String> childRun, OptionalInt items, Optional<Instant> until) {
    static Deferral of(RunEvent event) {
        return new Deferral(
                event.getAt(),
                event.getChildRunId(),
                event.getItems() < 0 ? OptionalInt.empty() : OptionalInt.of(event.getItems()),
                event.getDueAt());
    }
}
