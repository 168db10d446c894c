package io.millrace.coordinator.api;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RecordedEvent;
import io.millrace.coordinator.query.RunFilter;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.engine.RunStatus;
import io.millrace.event.RunSlot;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.PoolId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds the runs that have the slots for one of which another run waits, as the history tells it. */
final class SlotsInUse {
    /** More runs of a pipeline are not looked at. */
    private static final int MOST_RUNS = 50;

    /** A run asks for its slot, and is given it, in its first events; one that was opened again once more in later ones. */
    private static final int FIRST_EVENTS = 10;

    private final PipelineCatalogue catalogue;
    private final History history;

    SlotsInUse(PipelineCatalogue catalogue, History history) {
        this.catalogue = catalogue;
        this.history = history;
    }

    /** Those that are under way while the run waits, who began first is first. */
    List<RunSummary> whileWaits(RunSummary run) {
        OptionalLong last = history.lastSequence(run.id());
        Optional<RunSlot> wanted = slot(run.id(), Math.max(0, last.orElse(0) - FIRST_EVENTS));
        Optional<String> pool = wanted.flatMap(RunSlot::getPool);
        List<RunSummary> found = new ArrayList<>();
        for (String pipeline : pool.map(this::sharing).orElse(List.of(run.pipeline()))) {
            history
                    .list(RunFilter.of(Optional.of(pipeline), Set.of(RunStatus.RUNNING)), MOST_RUNS, Optional.empty())
                    .runs()
                    .stream()
                    .filter(other -> pool.isPresent() || hasKey(other, wanted))
                    .forEach(found::add);
        }
        found.sort(Comparator.comparing(RunSummary::startedAt));
        return found;
    }

    private List<String> sharing(String pool) {
        return catalogue.known().stream()
                .filter(version -> version.pipeline()
                        .concurrency()
                        .flatMap(Concurrency::pool)
                        .map(PoolId::value)
                        .filter(pool::equals)
                        .isPresent())
                .map(version -> version.id().value())
                .toList();
    }

    private boolean hasKey(RunSummary run, Optional<RunSlot> wanted) {
        return wanted.isEmpty()
                || slot(run.id(), 0)
                        .map(slot -> slot.getKey().equals(wanted.get().getKey()))
                        .orElse(true);
    }

    /** The last slot that the run asked for or was given in the few events after this one. */
    private Optional<RunSlot> slot(String run, long after) {
        Optional<RunSlot> found = Optional.empty();
        for (RecordedEvent event : history.eventsAfter(run, after, FIRST_EVENTS)) {
            Optional<RunSlot> before = found;
            found = event.event().getSlot().or(() -> before);
        }
        return found;
    }
}
