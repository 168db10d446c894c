package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the audit log: a state change of a run or a task, or a rejected report.
 *
 * @param sequence counts the run's events from 1; 0 when the run's state is gone or never was
 * @param delivery the attempt and epoch it concerns; {@link Delivery#NONE} where there is none
 * @param outcome how the run will end, where that has been decided
 * @param childRun the run that a task started
 * @param items how many items a task has; {@link #NO_ITEMS} where it has none
 * @param progress the share of a task that is done, from 0 to 1
 * @param checkpoint from where a later delivery of a task can resume
 * @param by who asked for it, where a person or a service did
 * @param tasks those with which a run that is opened again is to begin, when they were chosen
 * @param slot the run's place among those of its pipeline that may be under way, where it waits for it or is given it
 * @param command the command that was decided about in this step, on its first event; null where there was none, or it
 *     had no id
 * @param backfill what a run is opened again for, where that is a backfill
 * @param dispatched the tasks that this step handed to their queues
 */
public record RunEvent(
        RunEventType type,
        long sequence,
        Instant at,
        @Nullable TaskId task,
        Delivery delivery,
        @Nullable Claimant claimant,
        @Nullable RunTrigger trigger,
        @Nullable Document inputs,
        @Nullable Document output,
        @Nullable Failure failure,
        @Nullable String reason,
        @Nullable Instant dueAt,
        List<TaskId> dispatched,
        @Nullable LogSpan logs,
        @Nullable RunStatus outcome,
        @Nullable RunId childRun,
        int items,
        @Nullable Double progress,
        @Nullable String checkpoint,
        @Nullable String by,
        List<TaskId> tasks,
        @Nullable Slot slot,
        @Nullable CommandId command,
        @Nullable BackfillId backfill) {
    /** Said of events that do not count items. */
    public static final int NO_ITEMS = -1;

    /** An event that is being written: a decision may add to it until it is complete. */
    static final class Draft {
        private final RunEventType type;
        private final long sequence;
        private final Instant at;
        private @Nullable TaskId task;
        private Delivery delivery = Delivery.NONE;
        private @Nullable Claimant claimant;
        private @Nullable RunTrigger trigger;
        private @Nullable Document inputs;
        private @Nullable Document output;
        private @Nullable Failure failure;
        private @Nullable String reason;
        private @Nullable Instant dueAt;
        private final List<TaskId> dispatched = new ArrayList<>(2);
        private @Nullable LogSpan logs;
        private @Nullable RunStatus outcome;
        private @Nullable RunId childRun;
        private int items = NO_ITEMS;
        private @Nullable Double progress;
        private @Nullable String checkpoint;
        private @Nullable String by;
        private List<TaskId> tasks = List.of();
        private @Nullable Slot slot;
        private @Nullable CommandId command;
        private @Nullable BackfillId backfill;

        Draft(RunEventType type, long sequence, Instant at) {
            this.type = type;
            this.sequence = sequence;
            this.at = at;
        }

        Draft of(TaskId newTask, Delivery newDelivery) {
            task = newTask;
            delivery = newDelivery;
            return this;
        }

        Draft by(@Nullable Claimant newClaimant) {
            claimant = newClaimant;
            return this;
        }

        Draft startedBy(RunTrigger newTrigger, Document newInputs) {
            trigger = newTrigger;
            inputs = newInputs;
            return this;
        }

        Draft output(@Nullable Document newOutput) {
            output = newOutput;
            return this;
        }

        Draft failure(Failure newFailure) {
            failure = newFailure;
            return this;
        }

        Draft because(@Nullable String newReason) {
            reason = newReason;
            return this;
        }

        Draft dueAt(@Nullable Instant newDueAt) {
            dueAt = newDueAt;
            return this;
        }

        Draft logs(@Nullable LogSpan newLogs) {
            logs = newLogs;
            return this;
        }

        Draft outcome(RunStatus newOutcome) {
            outcome = newOutcome;
            return this;
        }

        Draft childRun(@Nullable RunId newChildRun) {
            childRun = newChildRun;
            return this;
        }

        Draft items(int newItems) {
            items = newItems;
            return this;
        }

        Draft progress(@Nullable Double newProgress, @Nullable String newCheckpoint) {
            progress = newProgress;
            checkpoint = newCheckpoint;
            return this;
        }

        Draft askedBy(@Nullable String newBy) {
            by = newBy;
            return this;
        }

        Draft chosen(List<TaskId> newTasks) {
            tasks = newTasks;
            return this;
        }

        Draft slot(Slot newSlot) {
            slot = newSlot;
            return this;
        }

        Draft openedFor(@Nullable BackfillId newBackfill) {
            backfill = newBackfill;
            return this;
        }

        void about(CommandId newCommand) {
            command = newCommand;
        }

        void dispatched(TaskId dispatchedTask) {
            dispatched.add(dispatchedTask);
        }

        RunEvent complete() {
            return new RunEvent(
                    type,
                    sequence,
                    at,
                    task,
                    delivery,
                    claimant,
                    trigger,
                    inputs,
                    output,
                    failure,
                    reason,
                    dueAt,
                    List.copyOf(dispatched),
                    logs,
                    outcome,
                    childRun,
                    items,
                    progress,
                    checkpoint,
                    by,
                    tasks,
                    slot,
                    command,
                    backfill);
        }
    }
}
