package io.millrace.engine.simulation;

import io.millrace.engine.Change;
import io.millrace.engine.Decision;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as the store has it, in granular records, as the coordinator keeps it live, and as the oracle has it. */
final class ModelRun {
    final RunId id;
    final Plan plan;
    final Pipeline pipeline;
    final Oracle oracle;
    final Comparison comparison;
    final List<RunEvent> events = new ArrayList<>();

    private @Nullable RunHead head;
    private final Map<TaskId, TaskState> tasks = new HashMap<>();
    private final Map<TaskId, List<@Nullable Object>> items = new HashMap<>();
    private @Nullable RunState live;

    ModelRun(RunId id, Plan plan, Pipeline pipeline, boolean hasParent) {
        this.id = id;
        this.plan = plan;
        this.pipeline = pipeline;
        this.oracle = new Oracle(new OracleRun(plan, hasParent));
        this.comparison = new Comparison(oracle.run);
    }

    @Nullable
    RunState live() {
        return live;
    }

    boolean isOpen() {
        return live != null;
    }

    /** The transaction of a step: its records are in the store, and its events on record. */
    void commit(Decision decision) {
        for (Change change : decision.changes()) {
            if (change instanceof Change.PutRun put) {
                head = put.head();
            } else if (change instanceof Change.PutTask put) {
                tasks.put(put.task(), put.state());
            } else if (change instanceof Change.PutItems put) {
                items.put(put.task(), put.items());
            } else if (change instanceof Change.RetireRun) {
                head = null;
                tasks.clear();
                items.clear();
            }
        }
        live = RunState.after(id, live, decision);
        for (RunEvent event : decision.events()) {
            if (event.sequence() > 0) {
                events.add(event);
            }
        }
    }

    /** What was kept live is lost, and comes back from the store. */
    void restore() {
        RunState restored = head == null ? null : RunState.restore(id, head, tasks, items);
        if (restored == null ? live != null : !restored.equals(live)) {
            throw new Violation("restored", "the store gives " + restored + ", and what was live is " + live);
        }
        live = restored;
    }
}
