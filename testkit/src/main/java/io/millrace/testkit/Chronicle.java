package io.millrace.testkit;

import io.millrace.engine.RunEvent;
import io.millrace.engine.RunReplay;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is written down while a run is rehearsed. Its state at the end is what its events give, as that of any run (G10). */
final class Chronicle {
    private final Pipeline pipeline;
    private final RunPlan plan;
    private final RunReplay replay;
    private final List<RunEvent> events = new ArrayList<>();
    private final Map<TaskId, Integer> asked = new HashMap<>();
    private final Set<TaskId> assumed = new LinkedHashSet<>();
    private final Set<TaskId> unknown = new LinkedHashSet<>();
    private @Nullable String refusal;

    Chronicle(Pipeline pipeline, RunPlan plan) {
        this.pipeline = pipeline;
        this.plan = plan;
        this.replay = new RunReplay(plan.id(), pipeline, plan.version());
    }

    void add(RunEvent event) {
        events.add(event);
        replay.add(event);
    }

    void refused(String reason) {
        refusal = reason;
    }

    /** Counts that an outcome of the task is asked for. */
    int asked(TaskId task) {
        return asked.merge(task, 1, Integer::sum);
    }

    void assumed(TaskId task) {
        assumed.add(task);
    }

    void unknown(TaskId task) {
        unknown.add(task);
    }

    boolean isUnknown(TaskId task) {
        return unknown.contains(task);
    }

    boolean hasUnknown() {
        return !unknown.isEmpty();
    }

    RehearsalResult result() {
        return new RehearsalResult(
                pipeline, plan, events, replay, refusal, new RehearsalResult.Asked(asked, assumed, unknown));
    }
}
