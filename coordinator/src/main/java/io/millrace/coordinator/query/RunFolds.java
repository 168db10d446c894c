package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.pipeline.Pipeline;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The folds of the runs that were asked for of late: the next question costs the events since, and not all of them again.
 * How many are kept is bounded by the tasks that they have together.
 *
 * <p><b>Threading.</b> Thread-safe. A fold is used by one thread at a time; others that ask for the same run wait.
 */
final class RunFolds {
    private static final int MOST_TASKS = 250_000;

    private final Function<RunEvent, Optional<Pipeline>> pipelines;
    private final Map<String, Entry> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long tasks;

    private static final class Entry {
        private final RunFold fold;
        private final HistoryStore store;
        private int counted;

        Entry(RunFold fold, HistoryStore store) {
            this.fold = fold;
            this.store = store;
        }
    }

    /** @param pipelines finds the definition of the version that an event names, where it is at hand */
    RunFolds(Function<RunEvent, Optional<Pipeline>> pipelines) {
        this.pipelines = pipelines;
    }

    /** What a question finds in the run as it is now; empty when the run is not known, or the question finds nothing. */
    <T> Optional<T> ask(HistoryStore store, String run, Function<RunFold, Optional<T>> question) {
        Optional<RunEvent> first = store.firstEventOf(run);
        if (first.isEmpty()) {
            forget(run);
            return Optional.empty();
        }
        Optional<Pipeline> pipeline = pipelines.apply(first.get());
        if (pipeline.isEmpty()) {
            // Its definition may yet be read; nothing is kept that was folded without it.
            RunFold fold = new RunFold(pipeline);
            store.forEachEvent(run, 0, fold::add);
            return question.apply(fold);
        }
        Entry entry = entry(store, run, pipeline);
        synchronized (entry) {
            store.forEachEvent(run, entry.fold.lastSequence(), entry.fold::add);
            recount(run, entry);
            return question.apply(entry.fold);
        }
    }

    private synchronized Entry entry(HistoryStore store, String run, Optional<Pipeline> pipeline) {
        Entry known = recent.get(run);
        if (known != null && known.store == store) {
            return known;
        }
        forget(run);
        Entry entry = new Entry(new RunFold(pipeline), store);
        recent.put(run, entry);
        return entry;
    }

    private synchronized void recount(String run, Entry entry) {
        if (recent.get(run) != entry) {
            return;
        }
        tasks += entry.fold.size() - entry.counted;
        entry.counted = entry.fold.size();
        Iterator<Map.Entry<String, Entry>> eldest = recent.entrySet().iterator();
        while (tasks > MOST_TASKS && eldest.hasNext()) {
            Map.Entry<String, Entry> next = eldest.next();
            tasks -= next.getValue().counted;
            eldest.remove();
        }
    }

    private synchronized void forget(String run) {
        Entry entry = recent.remove(run);
        if (entry != null) {
            tasks -= entry.counted;
        }
    }
}
