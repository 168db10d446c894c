package io.millrace.engine;

import io.millrace.expression.Document;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of one task in an open run. Immutable: each transition gives the next state, and one that
 * {@link TaskStatus#next()} does not have is a bug of the caller.
 *
 * @param status the state of its life cycle
 * @param delivery the current attempt and epoch
 * @param openNeeds how many of the tasks that it needs have not ended
 * @param sequence the number of the last run event that this state reflects
 * @param claimant who executes it; present exactly while it is running
 * @param wakeAt when it has to be looked at: the end of a running attempt's time, or the next attempt's due time; null
 *     when there is nothing to wait for
 * @param output what it gave, once it succeeded
 */
public record TaskState(
        TaskStatus status,
        Delivery delivery,
        int openNeeds,
        long sequence,
        @Nullable Claimant claimant,
        @Nullable Instant wakeAt,
        @Nullable Document output) {

    /** A task to which nothing has happened yet; it need not be stored. */
    public static TaskState waiting(int needs) {
        return new TaskState(TaskStatus.WAITING, Delivery.NONE, needs, 0, null, null, null);
    }

    /** One of the tasks that it needs has ended. */
    TaskState needEnded() {
        if (openNeeds < 1 || status != TaskStatus.WAITING) {
            throw new IllegalStateException("A join must not fire twice: " + this);
        }
        return new TaskState(status, delivery, openNeeds - 1, sequence, null, null, null);
    }

    /** Handed to its queue, as a new attempt or with the next epoch. */
    TaskState queued(Delivery next) {
        if (next.compareTo(delivery) <= 0) {
            throw new IllegalStateException("A delivery must not be repeated: " + next + " after " + delivery);
        }
        return to(TaskStatus.QUEUED, next, null, null, null);
    }

    /** Claimed by a worker. @param timeIsUpAt when the attempt's time is up, or null */
    TaskState running(Claimant by, @Nullable Instant timeIsUpAt) {
        return to(TaskStatus.RUNNING, delivery, by, timeIsUpAt, null);
    }

    /** The attempt failed, and another is due later. */
    TaskState retrying(Instant dueAt) {
        return to(TaskStatus.RETRYING, delivery, null, dueAt, null);
    }

    /** The outcome was accepted. */
    TaskState succeeded(Document result) {
        return to(TaskStatus.SUCCEEDED, delivery, null, null, result);
    }

    /** Failed for good. */
    TaskState failed() {
        return to(TaskStatus.FAILED, delivery, null, null, null);
    }

    /** Will not be executed. */
    TaskState skipped() {
        return to(TaskStatus.SKIPPED, delivery, null, null, null);
    }

    /** Ended by the end of its run. */
    TaskState cancelled() {
        return to(TaskStatus.CANCELLED, delivery, null, null, null);
    }

    /** The same state, marked with the number of the last event that it reflects. */
    TaskState at(long newSequence) {
        return new TaskState(status, delivery, openNeeds, newSequence, claimant, wakeAt, output);
    }

    /** Whether a report on this delivery concerns the current one and finds the task in the given state. */
    boolean is(TaskStatus expected, Delivery reported) {
        return status == expected && delivery.equals(reported);
    }

    private TaskState to(
            TaskStatus next,
            Delivery newDelivery,
            @Nullable Claimant newClaimant,
            @Nullable Instant newWakeAt,
            @Nullable Document newOutput) {
        if (!status.next().contains(next)) {
            throw new IllegalStateException("A task that is " + status + " cannot become " + next);
        }
        return new TaskState(next, newDelivery, openNeeds, sequence, newClaimant, newWakeAt, newOutput);
    }
}
