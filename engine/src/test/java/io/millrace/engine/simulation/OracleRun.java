package io.millrace.engine.simulation;

import io.millrace.engine.simulation.OracleTask.Status;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the oracle holds to be true of a run. */
final class OracleRun {
    /** When an attempt may be due again: the wait is varied, so that only its bounds are known. */
    record Bounds(long least, long most) {}

    final Plan plan;
    final boolean hasParent;
    final Expected expected = new Expected();
    private final Map<String, OracleTask> tasks = new LinkedHashMap<>();
    private final Map<TaskId, OracleTask> byId = new HashMap<>();
    /** The retries that this step decided on. */
    final Map<OracleTask, Bounds> retries = new HashMap<>();

    boolean started;
    boolean open;
    /** It waits for a slot of its pipeline. */
    boolean queued;
    /** The number of the event that asked for it. */
    long asked;

    int stage;
    /** How it will end, once that is decided; after its end, how it ended. */
    @Nullable
    String outcome;

    @Nullable
    Long due;

    long now;
    long k = 1;
    List<Long> l = List.of(1L, 2L, 3L);
    /** What it gave, once it succeeded. */
    @Nullable
    Long given;

    OracleRun(Plan plan, boolean hasParent) {
        this.plan = plan;
        this.hasParent = hasParent;
        for (PlannedTask task : plan.tasks()) {
            OracleTask expectation = new OracleTask(new TaskId(task.id()), task, -1);
            tasks.put(task.id(), expectation);
            byId.put(expectation.id, expectation);
        }
    }

    /** It is open, for the first time or again. */
    void begin() {
        open = true;
        stage = 0;
        outcome = null;
        given = null;
        queued = plan.waits();
        due = queued ? null : timeIsUp();
        if (queued) {
            expected.says("RUN_QUEUED");
            expected.orders("ASK " + key());
        }
    }

    /** What tells its slot from those of other runs of its pipeline. */
    String key() {
        return plan.limit() > 0 ? Long.toString(k) : "";
    }

    /** Its slot is there. */
    void admit() {
        queued = false;
        due = timeIsUp();
    }

    private @Nullable Long timeIsUp() {
        return plan.timeoutMillis() == 0 ? null : now + plan.timeoutMillis();
    }

    Collection<OracleTask> tasks() {
        return tasks.values();
    }

    /** The tasks and all of their items. */
    List<OracleTask> all() {
        List<OracleTask> all = new ArrayList<>();
        for (OracleTask task : tasks.values()) {
            all.add(task);
            all.addAll(task.items);
        }
        return all;
    }

    OracleTask task(String id) {
        OracleTask task = tasks.get(id);
        if (task == null) {
            throw new IllegalArgumentException("no task " + id);
        }
        return task;
    }

    @Nullable
    OracleTask find(TaskId id) {
        return byId.get(id);
    }

    boolean hasFailed(int ofStage) {
        return tasks().stream().anyMatch(task -> task.plan.stage() == ofStage && task.status == Status.FAILED);
    }

    /** The items of a task, as many as its list has. Those of earlier lists count their attempts on. */
    void list(OracleTask task, List<Long> list) {
        task.list = list;
        for (int index = task.items.size(); index < list.size(); index++) {
            OracleTask item = new OracleTask(task.id.item(index), task.plan, index);
            task.items.add(item);
            byId.put(item.id, item);
        }
    }

    void retries(OracleTask task, long least, long most) {
        retries.put(task, new Bounds(least, most));
    }
}
