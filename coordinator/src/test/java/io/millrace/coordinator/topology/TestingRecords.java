package io.millrace.coordinator.topology;

import io.millrace.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** An audit log that shows what a test lets it show. */
final class TestingRecords implements RecordedRuns {
    private final List<RunEvent> shown = new ArrayList<>();
    private boolean complete = true;
    private boolean readable = true;
    private boolean damaged;

    void show(List<RunEvent> events) {
        shown.addAll(events);
    }

    void forget() {
        shown.clear();
    }

    void lag(boolean lagging) {
        complete = !lagging;
    }

    void damage() {
        damaged = true;
    }

    void close(boolean closed) {
        readable = !closed;
    }

    @Override
    public boolean areComplete() {
        return complete && readable;
    }

    @Override
    public OptionalLong lastSequence(String run) {
        return of(run).stream().mapToLong(RunEvent::getSequence).max();
    }

    @Override
    public Optional<RunEvent> firstEvent(String run) {
        return of(run).stream().findFirst();
    }

    @Override
    public boolean forEachEvent(String run, Consumer<RunEvent> consumer) {
        if (damaged) {
            throw new IllegalStateException("the log of " + run + " is damaged");
        }
        of(run).forEach(consumer);
        return readable;
    }

    private List<RunEvent> of(String run) {
        return shown.stream()
                .filter(event -> readable && event.getRunId().equals(run) && event.getSequence() > 0)
                .toList();
    }
}
