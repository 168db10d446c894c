package io.millrace.coordinator.topology;

import io.millrace.engine.Change;
import io.millrace.engine.Decision;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * How open runs lie in the store. A small run is one record, so that a transaction that touches it logs one, and its end deletes one. A large
 * run has a record for its head and one for each task and each list, so that a step costs what it changes and not what the run is. A run that
 * has grown large is not made small again.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class RunRecords {
    /** The most tasks of a small run that something has happened to. */
    static final int MOST_TASKS = 8;
    /** The most characters that a small run's documents have together. */
    static final int MOST_TEXT = 4_096;

    private final OpenRunStore store;
    private final StateCodec codec;
    private final Set<RunId> large = new HashSet<>();

    RunRecords(OpenRunStore store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /** All runs of a store that has been restored. */
    Map<RunId, RunState> read() {
        Map<RunId, RunHead> heads = new HashMap<>();
        Map<RunId, Map<TaskId, TaskState>> tasks = new HashMap<>();
        Map<RunId, Map<TaskId, List<@Nullable Object>>> items = new HashMap<>();
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                StoreKey key = StoreKey.parse(record.key);
                if (key.task() == null) {
                    StateCodec.WholeRun run = codec.decodeRun(record.value);
                    heads.put(key.run(), run.head());
                    tasks.computeIfAbsent(key.run(), id -> new HashMap<>()).putAll(run.tasks());
                } else {
                    large.add(key.run());
                    if (key.ofItems()) {
                        items.computeIfAbsent(key.run(), run -> new HashMap<>())
                                .put(key.task(), codec.decodeItems(record.value));
                    } else {
                        tasks.computeIfAbsent(key.run(), run -> new HashMap<>())
                                .put(key.task(), codec.decodeTask(record.value));
                    }
                }
            }
        }
        Map<RunId, RunState> runs = new HashMap<>();
        heads.forEach((run, head) -> runs.put(
                run,
                RunState.restore(run, head, tasks.getOrDefault(run, Map.of()), items.getOrDefault(run, Map.of()))));
        return runs;
    }

    /** Writes what a decision has changed. @param run as it is since */
    void write(RunState run, Decision decision) {
        if (large.contains(run.id())) {
            writeParts(run.id(), decision);
        } else if (isSmall(run)) {
            store.put(new StoreKey(run.id(), null), () -> codec.encode(run.head(), run.tasks()));
        } else {
            large.add(run.id());
            writeParts(run);
        }
    }

    /** Deletes all of a run. */
    void delete(RunState run) {
        if (large.remove(run.id())) {
            run.tasks().keySet().forEach(task -> store.delete(new StoreKey(run.id(), task)));
            run.tasksWithItems().forEach(task -> store.delete(StoreKey.ofItems(run.id(), task)));
        }
        store.delete(new StoreKey(run.id(), null));
    }

    private void writeParts(RunId run, Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                writeHead(run, put.head());
            } else if (change instanceof Change.PutTask put) {
                writeTask(run, put.task(), put.state());
            } else if (change instanceof Change.PutItems put) {
                writeItems(run, put.task(), put.items());
            }
        }
    }

    private void writeParts(RunState run) {
        writeHead(run.id(), run.head());
        run.tasks().forEach((task, state) -> writeTask(run.id(), task, state));
        run.tasksWithItems().forEach(task -> writeItems(run.id(), task, run.items(task)));
    }

    private void writeHead(RunId run, RunHead head) {
        store.put(new StoreKey(run, null), () -> codec.encode(head, Map.of()));
    }

    private void writeTask(RunId run, TaskId task, TaskState state) {
        store.put(new StoreKey(run, task), () -> codec.encode(state));
    }

    private void writeItems(RunId run, TaskId task, List<@Nullable Object> items) {
        store.put(StoreKey.ofItems(run, task), () -> codec.encodeItems(items));
    }

    private static boolean isSmall(RunState run) {
        if (run.tasks().size() > MOST_TASKS || !run.tasksWithItems().isEmpty()) {
            return false;
        }
        int text = run.head().inputs().json().length();
        for (TaskState task : run.tasks().values()) {
            Document output = task.output();
            String checkpoint = task.checkpoint();
            text += (output == null ? 0 : output.json().length()) + (checkpoint == null ? 0 : checkpoint.length());
        }
        return text <= MOST_TEXT;
    }
}
