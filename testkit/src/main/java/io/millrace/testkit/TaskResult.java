package io.millrace.testkit;

import io.millrace.engine.Failure;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of a task, or of one item of it.
 *
 * @param id its id
 * @param status its status when the rehearsal was over
 * @param attempts how many attempts were made at it; 0 when it was not executed
 * @param output what it gave, once it succeeded; of a task with {@code for_each}, what its items gave
 * @param failure why its last failed attempt failed
 * @param reason why it was not executed, in one sentence
 * @param begun its first attempt's begin; empty when it was not executed
 * @param ended its end; empty when it did not end
 */
public record TaskResult(
        TaskId id,
        TaskStatus status,
        int attempts,
        Optional<Document> output,
        Optional<Failure> failure,
        Optional<String> reason,
        Optional<Moment> begun,
        Optional<Moment> ended) {
    /** A moment on the virtual clock. @param number that of the event in the run's log: what happens at one time has an order, too */
    public record Moment(Instant at, long number) {}

    /** Whether it began: claimed by a worker, or begun to wait. */
    public boolean executed() {
        return begun.isPresent();
    }

    /** Whether it began after the other one had ended. */
    public boolean beganAfter(TaskResult other) {
        return begun.isPresent()
                && other.ended().isPresent()
                && begun.get().number() > other.ended().get().number();
    }
}
