package io.millrace.engine.simulation;

import io.millrace.engine.RunReplay;
import io.millrace.engine.RunState;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.TaskId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Whether the recorded events of a run alone give back what became of it (G10). */
final class Replays {
    private Replays() {}

    /** The run as its recorded events give it back. */
    static RunReplay of(ModelRun run) {
        try {
            RunReplay replay = new RunReplay(run.id, run.pipeline, 1);
            run.events.forEach(replay::add);
            return replay;
        } catch (RuntimeException e) {
            throw new Violation("replay", e);
        }
    }

    /** Of a run that is open or has ended. */
    static void hold(ModelRun run) {
        RunState live = run.live();
        if (live == null) {
            holdToTheEnd(run);
            return;
        }
        RunState replayed = of(run).state();
        if (!tasks(replayed).equals(tasks(live))) {
            throw new Violation("replay", run.id + " gives\n" + tasks(replayed) + ", and is\n" + tasks(live));
        }
        if (!Objects.equals(replayed.head().ending(), live.head().ending())
                || !Objects.equals(replayed.head().wakeAt(), live.head().wakeAt())
                || !replayed.head().inputs().equals(live.head().inputs())
                || replayed.sequence() != live.sequence()) {
            throw new Violation("replay", run.id + " gives " + replayed.head() + ", and is " + live.head());
        }
    }

    /** The log does not tell by which step a record was written last. */
    private static Map<String, TaskState> tasks(RunState run) {
        Map<String, TaskState> tasks = new TreeMap<>();
        for (Map.Entry<TaskId, TaskState> task : run.tasks().entrySet()) {
            tasks.put(task.getKey().value(), task.getValue().at(0));
        }
        return tasks;
    }

    /** Of a run that has ended. */
    static void holdToTheEnd(ModelRun run) {
        RunReplay replay = of(run);
        if (!replay.status().name().equals(run.oracle.run.outcome)) {
            throw new Violation("replay", run.id + " gives " + replay.status());
        }
        for (OracleTask task : run.oracle.run.all()) {
            String replayed =
                    replay.state().task(task.id, run.pipeline).status().name();
            if (!replayed.equals(task.status.name())) {
                throw new Violation("replay", task + " is " + replayed + ", and not " + task.status);
            }
        }
    }
}
