package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as the API tells of it. In a list {@code inputs} is missing and {@code tasks} is empty.
 *
 * @param status running, succeeded, failed or cancelled
 * @param reason in one sentence why the run failed or was cancelled
 * @param tasksNext the cursor of the tasks that are not among these, or null
 * @param tasks the tasks of the definition, in the order of the file, then items
 */
public record RunView(
        String id,
        String pipeline,
        int version,
        String status,
        @Nullable TriggerView trigger,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String reason,
        int tasksTotal,
        @Nullable String tasksNext,
        JsonNode inputs,
        List<TaskView> tasks) {

    /** Nulls of the answer become what is empty. */
    public RunView {
        inputs = inputs == null ? MissingNode.getInstance() : inputs;
        tasks = tasks == null ? List.of() : List.copyOf(tasks);
    }

    /** Whether nothing will happen to it any more. */
    public boolean ended() {
        return !status.equals("running");
    }

    /** Whether it ended well. */
    public boolean succeeded() {
        return status.equals("succeeded");
    }

    /** How long it took, or has been going on. */
    public Duration took(Instant now) {
        return span(startedAt, endedAt, now);
    }

    /** The task of this id. */
    public Optional<TaskView> task(String taskId) {
        return tasks.stream().filter(task -> task.id().equals(taskId)).findFirst();
    }

    static Duration span(@Nullable Instant from, @Nullable Instant to, Instant now) {
        return from == null ? Duration.ZERO : Duration.between(from, to == null ? now : to);
    }

    /**
     * What started a run.
     *
     * @param kind by which entrance it came: api, record, run, schedule, webhook or kafka
     * @param topic where a record was read, or null
     * @param trigger the trigger of the pipeline that fired, or null
     * @param logicalTime the moment that the run is for, or null
     * @param parentRun the run whose task started it, or null
     */
    public record TriggerView(
            String kind,
            @Nullable String source,
            @Nullable String idempotencyKey,
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable String parentRun,
            @Nullable String parentTask,
            @Nullable String trigger,
            @Nullable Instant logicalTime) {}
}
