package io.millrace.audit.replay;

import io.millrace.engine.RunHead;
import io.millrace.engine.RunStatus;
import io.millrace.engine.TaskState;
import io.millrace.pipeline.TaskId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a run after one of its events.
 *
 * @param sequence the number of that event
 * @param tasks every task of the pipeline in the order of its file, each followed by its items as far as they have begun
 */
public record ReplayedRun(RunStatus status, long sequence, RunHead head, Map<TaskId, TaskState> tasks) {
    public ReplayedRun {
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    }
}
