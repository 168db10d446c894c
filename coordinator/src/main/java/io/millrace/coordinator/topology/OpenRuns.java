package io.millrace.coordinator.topology;

import io.millrace.engine.Change;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * The runs that have not ended, of one partition: granular records in the store, and beside it the same decoded, with
 * the indexes over timers and claims. A read costs nothing; a write is at most one put a change.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class OpenRuns {
    private final OpenRunStore store;
    private final StateCodec codec;
    private final Map<RunId, RunState> live = new HashMap<>();
    private final TimerIndex timers = new TimerIndex();
    private final ClaimIndex claims = new ClaimIndex();

    /** The runs of a store that has been restored. */
    OpenRuns(OpenRunStore store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        restore();
    }

    private void restore() {
        Map<RunId, RunHead> heads = new HashMap<>();
        Map<RunId, Map<TaskId, TaskState>> tasks = new HashMap<>();
        Map<RunId, Map<TaskId, List<@Nullable Object>>> items = new HashMap<>();
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                StoreKey key = StoreKey.parse(record.key);
                if (key.task() == null) {
                    RunHead head = codec.decodeHead(record.value);
                    heads.put(key.run(), head);
                    timers.set(key, head.wakeAt());
                } else if (key.ofItems()) {
                    items.computeIfAbsent(key.run(), run -> new HashMap<>())
                            .put(key.task(), codec.decodeItems(record.value));
                } else {
                    TaskState task = codec.decodeTask(record.value);
                    tasks.computeIfAbsent(key.run(), run -> new HashMap<>()).put(key.task(), task);
                    index(key, task);
                }
            }
        }
        heads.forEach((run, head) -> live.put(
                run,
                RunState.restore(run, head, tasks.getOrDefault(run, Map.of()), items.getOrDefault(run, Map.of()))));
    }

    @Nullable
    RunState get(RunId run) {
        return live.get(run);
    }

    /** Writes what a decision changes. */
    void apply(RunId run, Decision decision) {
        RunState before = live.get(run);
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                StoreKey key = new StoreKey(run, null);
                store.put(key, () -> codec.encode(put.head()));
                timers.set(key, put.head().wakeAt());
            } else if (change instanceof Change.PutTask put) {
                StoreKey key = new StoreKey(run, put.task());
                store.put(key, () -> codec.encode(put.state()));
                index(key, put.state());
            } else if (change instanceof Change.PutItems put) {
                store.put(StoreKey.ofItems(run, put.task()), () -> codec.encodeItems(put.items()));
            } else if (change instanceof Change.RetireRun && before != null) {
                before.tasks().keySet().forEach(task -> delete(new StoreKey(run, task)));
                before.tasksWithItems().forEach(task -> store.delete(StoreKey.ofItems(run, task)));
                delete(new StoreKey(run, null));
            }
        }
        RunState after = RunState.after(run, before, decision);
        if (after == null) {
            live.remove(run);
        } else {
            live.put(run, after);
        }
    }

    private void index(StoreKey key, TaskState task) {
        timers.set(key, task.wakeAt());
        claims.set(key, task.claimant());
    }

    private void delete(StoreKey key) {
        store.delete(key);
        timers.set(key, null);
        claims.set(key, null);
    }

    /** Takes the record that has been due for longest. */
    Optional<StoreKey> takeDue(Instant now) {
        return timers.takeDue(now);
    }

    /** Has a record looked at again later, whatever it says itself. */
    void wake(StoreKey key, Instant at) {
        timers.set(key, at);
    }

    /** Everybody who executes something. */
    List<Claimant> claimants() {
        return claims.claimants();
    }

    /** Somebody's lease is found to go on. */
    void leaseGoesOn(Claimant claimant) {
        claims.leaseGoesOn(claimant);
    }

    /** Somebody's lease is found ended. @return the tasks that are lost with it */
    List<StoreKey> leaseEnded(Claimant claimant) {
        return claims.leaseEnded(claimant);
    }

    int timers() {
        return timers.size();
    }

    int size() {
        return live.size();
    }
}
