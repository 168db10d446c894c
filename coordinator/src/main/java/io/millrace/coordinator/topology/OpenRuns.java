package io.millrace.coordinator.topology;

import io.millrace.engine.Change;
import io.millrace.engine.Claimant;
import io.millrace.engine.Decision;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The runs that have not ended, of one partition: {@linkplain RunRecords stored}, and beside that decoded, with the indexes over timers and
 * claims. A read costs nothing.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class OpenRuns {
    private final RunRecords records;
    private final Map<RunId, RunState> live;
    private final TimerIndex timers = new TimerIndex();
    private final ClaimIndex claims = new ClaimIndex();

    /** The runs of a store that has been restored. */
    OpenRuns(OpenRunStore store, StateCodec codec) {
        this.records = new RunRecords(store, codec);
        this.live = records.read();
        live.values().forEach(this::index);
    }

    private void index(RunState run) {
        timers.set(new StoreKey(run.id(), null), run.head().wakeAt());
        run.tasks().forEach((task, state) -> index(new StoreKey(run.id(), task), state));
    }

    @Nullable
    RunState get(RunId run) {
        return live.get(run);
    }

    /** Writes what a decision changes. */
    void apply(RunId run, Decision decision) {
        RunState before = live.get(run);
        RunState after = RunState.after(run, before, decision);
        if (after != null) {
            live.put(run, after);
            records.write(after, decision);
            index(run, decision);
        } else if (before != null) {
            live.remove(run);
            records.delete(before);
            forget(before);
        }
    }

    private void index(RunId run, Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                timers.set(new StoreKey(run, null), put.head().wakeAt());
            } else if (change instanceof Change.PutTask put) {
                index(new StoreKey(run, put.task()), put.state());
            }
        }
    }

    private void index(StoreKey key, TaskState task) {
        timers.set(key, task.wakeAt());
        claims.set(key, task.claimant());
    }

    private void forget(RunState run) {
        timers.set(new StoreKey(run.id(), null), null);
        run.tasks().keySet().forEach(task -> {
            StoreKey key = new StoreKey(run.id(), task);
            timers.set(key, null);
            claims.set(key, null);
        });
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
