package io.millrace.engine;

import io.millrace.pipeline.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change to the stored state of one run: a put on one granular key, or the end of all of them. */
public sealed interface Change {
    /** Stores the head of the run. */
    record PutRun(RunHead head) implements Change {}

    /** Stores one task. */
    record PutTask(TaskId task, TaskState state) implements Change {}

    /** Stores the list that a task with {@code for_each} runs over; written when the task begins. */
    record PutItems(TaskId task, List<@Nullable Object> items) implements Change {}

    /**
     * Deletes all that is stored of the run: it has ended.
     *
     * @param head the run as it was
     * @param sequence the number of its last event
     */
    record RetireRun(RunHead head, RunStatus status, long sequence) implements Change {}
}
