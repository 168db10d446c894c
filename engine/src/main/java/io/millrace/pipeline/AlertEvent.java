package io.millrace.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What alert rules can be about: what happens to a run, or to a task of it. */
public enum AlertEvent {
    RUN_STARTED,
    /** It waits for a slot. */
    RUN_QUEUED,
    RUN_ADMITTED,
    RUN_SUCCEEDED,
    /** After the last retry: a run fails once. */
    RUN_FAILED,
    RUN_CANCELLED,
    /** It was opened again. */
    RUN_RERUN,
    /** It ended, however. */
    RUN_ENDED,
    TASK_STARTED,
    TASK_SUCCEEDED,
    /** An attempt failed, and another follows. */
    TASK_RETRIED,
    /** An attempt took longer than it may, whether another follows or not. */
    TASK_TIMED_OUT,
    /** After its last retry. */
    TASK_FAILED,
    /** Its worker was lost, and another is to go on. */
    TASK_LOST,
    TASK_SKIPPED,
    TASK_CANCELLED,
    /** What it needs did not succeed. */
    TASK_UPSTREAM_FAILED;

    private final String word = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");

    /** As files name it, such as {@code run.failed}. */
    public String word() {
        return word;
    }

    /** Whether it happens to a task. */
    public boolean isOfTask() {
        return name().startsWith("TASK_");
    }

    /** Whether there is an error to look at. */
    boolean hasError() {
        return this == TASK_RETRIED || this == TASK_TIMED_OUT || this == TASK_FAILED;
    }

    /** Whether there is an output to look at. */
    public boolean hasOutput() {
        return this == TASK_SUCCEEDED || this == RUN_SUCCEEDED;
    }

    /** What says that it is well again; empty where nothing can. */
    public Optional<AlertEvent> opposite() {
        return switch (this) {
            case RUN_QUEUED -> Optional.of(RUN_ADMITTED);
            case RUN_FAILED, RUN_CANCELLED -> Optional.of(RUN_SUCCEEDED);
            case TASK_RETRIED, TASK_TIMED_OUT, TASK_FAILED, TASK_LOST, TASK_CANCELLED, TASK_UPSTREAM_FAILED ->
                Optional.of(TASK_SUCCEEDED);
            default -> Optional.empty();
        };
    }

    static List<String> words() {
        return Arrays.stream(values()).map(AlertEvent::word).toList();
    }
}
