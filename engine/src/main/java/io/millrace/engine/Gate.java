package io.millrace.engine;

import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerRule;

/**
 * What a task's trigger rule makes of the tasks that it needs (G4).
 *
 * @param verdict what becomes of the task
 * @param reason why it is not executed, in one sentence; empty when it is
 */
record Gate(Verdict verdict, String reason) {
    /** What can become of a task. */
    enum Verdict {
        OPEN,
        SKIP,
        UPSTREAM_FAILED
    }

    private static final Gate OPEN = new Gate(Verdict.OPEN, "");

    /** Whether the end of one need decides already, so that the others are not waited for. */
    static boolean opensEarly(TriggerRule rule, TaskStatus need) {
        return rule == TriggerRule.ANY_FAILED && need.isFailure()
                || rule == TriggerRule.ANY_SUCCEEDED && need == TaskStatus.SUCCEEDED;
    }

    /** The verdict once all needs have ended, or one that {@linkplain #opensEarly decides}. */
    static Gate of(Step step, Task task) {
        TaskId failed = null;
        TaskId notSucceeded = null;
        boolean anySucceeded = false;
        for (TaskId need : task.needs()) {
            TaskStatus status = step.task(need).status();
            anySucceeded |= status == TaskStatus.SUCCEEDED;
            failed = failed == null && status.isFailure() ? need : failed;
            notSucceeded = notSucceeded == null && status != TaskStatus.SUCCEEDED ? need : notSucceeded;
        }
        return switch (task.triggerRule()) {
            case ALL_DONE -> OPEN;
            case ALL_SUCCEEDED ->
                failed != null ? upstream(step, failed) : notSucceeded != null ? skip(step, notSucceeded) : OPEN;
            case NONE_FAILED -> failed != null ? upstream(step, failed) : OPEN;
            case ANY_SUCCEEDED ->
                anySucceeded || task.needs().isEmpty()
                        ? OPEN
                        : failed != null
                                ? upstream(step, failed)
                                : new Gate(Verdict.SKIP, "nothing that it needs succeeded");
            case ANY_FAILED -> failed != null ? OPEN : new Gate(Verdict.SKIP, "nothing that it needs failed");
        };
    }

    private static Gate upstream(Step step, TaskId need) {
        return new Gate(Verdict.UPSTREAM_FAILED, needs(step, need));
    }

    private static Gate skip(Step step, TaskId need) {
        return new Gate(Verdict.SKIP, needs(step, need));
    }

    private static String needs(Step step, TaskId need) {
        return "it needs " + need.value() + ", which " + ended(step.task(need).status());
    }

    private static String ended(TaskStatus status) {
        return switch (status) {
            case FAILED -> "failed";
            case UPSTREAM_FAILED -> "was not executed after a failure";
            case SKIPPED -> "was skipped";
            case CANCELLED -> "was cancelled";
            default -> throw new IllegalStateException("A need that has ended badly cannot be " + status);
        };
    }
}
