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
 * @param openNeeds how many of the tasks that it needs have not ended; 0 once it waits for none of them
 * @param sequence the number of the last run event that this state reflects
 * @param claimant who executes it; present exactly while it is running
 * @param wakeAt when it has to be looked at: the end of a running attempt's time, what a deferred one waits for, or the
 *     next attempt's due time; null when there is nothing to wait for
 * @param output what it gave, once it succeeded
 * @param earlierAttempts how many attempts were made before the last rerun: they do not count against its retries
 * @param losses how often a worker was lost with the current attempt
 * @param checkpoint from where the next delivery can resume, or null
 * @param childRun the run that it started and waits for, or null
 * @param items how far its items are, or null when it has none
 */
public record TaskState(
        TaskStatus status,
        Delivery delivery,
        int openNeeds,
        long sequence,
        @Nullable Claimant claimant,
        @Nullable Instant wakeAt,
        @Nullable Document output,
        int earlierAttempts,
        int losses,
        @Nullable String checkpoint,
        @Nullable RunId childRun,
        @Nullable ItemCount items) {

    /** A task to which nothing has happened yet; it need not be stored. */
    public static TaskState waiting(int needs) {
        return new TaskState(TaskStatus.WAITING, Delivery.NONE, needs, 0, null, null, null, 0, 0, null, null, null);
    }

    /** One of the tasks that it needs has ended. */
    TaskState needEnded() {
        if (openNeeds < 1 || status != TaskStatus.WAITING) {
            throw new IllegalStateException("A join must not fire twice: " + this);
        }
        return new TaskState(
                status,
                delivery,
                openNeeds - 1,
                sequence,
                null,
                null,
                null,
                earlierAttempts,
                losses,
                checkpoint,
                null,
                items);
    }

    /** Handed to its queue, as a new attempt or with the next epoch. */
    TaskState queued(Delivery next) {
        return begun(TaskStatus.QUEUED, next, null, null);
    }

    /** Begun without a worker. @param newWakeAt when it has to be looked at, or null */
    TaskState deferred(Delivery next, @Nullable Instant newWakeAt, @Nullable RunId newChildRun) {
        return begun(TaskStatus.DEFERRED, next, newWakeAt, newChildRun);
    }

    private TaskState begun(
            TaskStatus next, Delivery newDelivery, @Nullable Instant newWakeAt, @Nullable RunId newChildRun) {
        if (newDelivery.compareTo(delivery) <= 0) {
            throw new IllegalStateException("A delivery must not be repeated: " + newDelivery + " after " + delivery);
        }
        TaskState state = to(next, null, newWakeAt, null);
        return new TaskState(
                next,
                newDelivery,
                state.openNeeds,
                sequence,
                null,
                newWakeAt,
                null,
                earlierAttempts,
                newDelivery.attempt() == delivery.attempt() ? losses : 0,
                checkpoint,
                newChildRun,
                state.items);
    }

    /** Its items are so far. @param newWakeAt when more of them are to begin, or null when the end of others decides */
    TaskState counting(ItemCount newItems, @Nullable Instant newWakeAt) {
        return going(newWakeAt, losses, checkpoint, newItems);
    }

    /** Claimed by a worker. @param timeIsUpAt when the attempt's time is up, or null */
    TaskState running(Claimant by, @Nullable Instant timeIsUpAt) {
        return to(TaskStatus.RUNNING, by, timeIsUpAt, null);
    }

    /** Its worker was lost with it; another is to go on. */
    TaskState lost() {
        return going(wakeAt, losses + 1, checkpoint, items);
    }

    /** The worker said from where it can resume. */
    TaskState resumable(String newCheckpoint) {
        return going(wakeAt, losses, newCheckpoint, items);
    }

    /** The same delivery in the same state. */
    private TaskState going(
            @Nullable Instant newWakeAt, int newLosses, @Nullable String newCheckpoint, @Nullable ItemCount newItems) {
        return new TaskState(
                status,
                delivery,
                openNeeds,
                sequence,
                claimant,
                newWakeAt,
                output,
                earlierAttempts,
                newLosses,
                newCheckpoint,
                childRun,
                newItems);
    }

    /** The attempt failed, and another is due later. */
    TaskState retrying(Instant dueAt) {
        return to(TaskStatus.RETRYING, null, dueAt, null);
    }

    /** The outcome was accepted. @param result what it gave; null when that is what its items gave */
    TaskState succeeded(@Nullable Document result) {
        return to(TaskStatus.SUCCEEDED, null, null, result);
    }

    /** Failed for good. */
    TaskState failed() {
        return to(TaskStatus.FAILED, null, null, null);
    }

    /** Will not be executed. */
    TaskState skipped() {
        return to(TaskStatus.SKIPPED, null, null, null);
    }

    /** Will not be executed, because something upstream of it failed. */
    TaskState upstreamFailed() {
        return to(TaskStatus.UPSTREAM_FAILED, null, null, null);
    }

    /** Ended by the end of its run. */
    TaskState cancelled() {
        return to(TaskStatus.CANCELLED, null, null, null);
    }

    /**
     * The run was opened again, and the task begins anew: its deliveries are counted on, its retries from here.
     *
     * @param newItems its items, of which those that succeeded are kept; null when it has none, or all begin anew
     */
    TaskState anew(int newOpenNeeds, @Nullable ItemCount newItems) {
        return new TaskState(
                TaskStatus.WAITING,
                delivery,
                newOpenNeeds,
                sequence,
                null,
                null,
                null,
                delivery.attempt(),
                0,
                null,
                null,
                newItems);
    }

    /** The same state, marked with the number of the last event that it reflects. */
    public TaskState at(long newSequence) {
        return new TaskState(
                status,
                delivery,
                openNeeds,
                newSequence,
                claimant,
                wakeAt,
                output,
                earlierAttempts,
                losses,
                checkpoint,
                childRun,
                items);
    }

    /** Whether a report on this delivery concerns the current one and finds the task in the given state. */
    boolean is(TaskStatus expected, Delivery reported) {
        return status == expected && delivery.equals(reported);
    }

    /** How many attempts of its retries are used up. */
    int countedAttempts() {
        return delivery.attempt() - earlierAttempts;
    }

    private TaskState to(
            TaskStatus next,
            @Nullable Claimant newClaimant,
            @Nullable Instant newWakeAt,
            @Nullable Document newOutput) {
        if (!status.next().contains(next)) {
            throw new IllegalStateException("A task that is " + status + " cannot become " + next);
        }
        return new TaskState(
                next,
                delivery,
                0,
                sequence,
                newClaimant,
                newWakeAt,
                newOutput,
                earlierAttempts,
                losses,
                next.hasEnded() ? null : checkpoint,
                null,
                items);
    }
}
