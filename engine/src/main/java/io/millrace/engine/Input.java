package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to a run, as the engine is told it. */
public sealed interface Input {
    /** Calls the handler's method for this kind of input. */
    void accept(Handler handler);

    /** A method for each kind of input, so that a new kind cannot be forgotten. */
    interface Handler {
        void on(StartRun start);

        void on(CancelRun cancel);

        void on(RerunRun rerun);

        void on(TaskClaimed claimed);

        void on(TaskSucceeded succeeded);

        void on(TaskFailed failed);

        void on(TaskReleased released);

        void on(TaskProgressed progressed);

        void on(TaskAnswered answered);

        void on(ChildEnded ended);

        void on(WorkerLost lost);

        void on(TaskTimerDue due);

        void on(RunTimerDue due);

        void on(SlotGranted granted);
    }

    /** What a worker says of one delivery of a task: accepted only when it is the current one. */
    sealed interface Report extends Input {
        TaskId task();

        Delivery delivery();

        Claimant claimant();

        /** What it is, in a word. */
        default String noun() {
            return "outcome";
        }
    }

    /** What somebody asks of a run that exists: decided about once, however often it comes. */
    sealed interface Command extends Input {
        /** Its identity; null when whoever sent it gave it none, and a repeat cannot be told. */
        @Nullable
        CommandId id();

        /** Who asked, in their own words, or null. */
        @Nullable
        String by();

        /** What it is, in a word. */
        String noun();
    }

    /** Starts the run, or finds it when it exists. */
    record StartRun(Document inputs, RunTrigger trigger, int version) implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Ends the run without waiting for its tasks.
     *
     * @param by who asked, in their own words, or null
     */
    record CancelRun(
            @Nullable CommandId id, String reason, @Nullable String by) implements Command {
        @Override
        public String noun() {
            return "cancellation";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Opens the run again after its end.
     *
     * @param tasks the tasks and items to begin with; empty for all that did not succeed
     * @param reason why, for people, or null
     * @param by who asked, in their own words, or null
     * @param backfill what it is opened again for, where that is a backfill
     */
    record RerunRun(
            @Nullable CommandId id,
            List<TaskId> tasks,
            @Nullable String reason,
            @Nullable String by,
            @Nullable BackfillId backfill)
            implements Command {
        /** Copies the list. */
        public RerunRun {
            tasks = List.copyOf(tasks);
        }

        /** For no backfill. */
        public RerunRun(@Nullable CommandId id, List<TaskId> tasks, @Nullable String reason, @Nullable String by) {
            this(id, tasks, reason, by, null);
        }

        @Override
        public String noun() {
            return "rerun";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** A worker has taken the task. */
    record TaskClaimed(TaskId task, Delivery delivery, Claimant claimant) implements Report {
        @Override
        public String noun() {
            return "claim";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** A worker has executed the task. */
    record TaskSucceeded(
            TaskId task,
            Delivery delivery,
            Claimant claimant,
            Document output,
            @Nullable LogSpan logs) implements Report {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** The attempt failed. */
    record TaskFailed(
            TaskId task,
            Delivery delivery,
            Claimant claimant,
            Failure failure,
            @Nullable LogSpan logs) implements Report {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** The worker gives the task back unfinished. */
    record TaskReleased(
            TaskId task,
            Delivery delivery,
            Claimant claimant,
            @Nullable String reason,
            @Nullable LogSpan logs) implements Report {
        @Override
        public String noun() {
            return "release";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * The worker says how far the task is.
     *
     * @param progress the share that is done, from 0 to 1, or null
     * @param checkpoint from where a later delivery can resume, a JSON value of the task's own, or null
     */
    record TaskProgressed(
            TaskId task,
            Delivery delivery,
            Claimant claimant,
            @Nullable Double progress,
            @Nullable String checkpoint) implements Report {
        @Override
        public String noun() {
            return "progress";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Somebody approved or rejected what a task asks for.
     *
     * @param by who, in their own words, or null
     */
    record TaskAnswered(
            @Nullable CommandId id,
            TaskId task,
            boolean approved,
            @Nullable String by,
            @Nullable String comment) implements Command {
        @Override
        public String noun() {
            return "answer";
        }

        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * A run that a task of this run started has ended.
     *
     * @param run that run
     * @param outcome how it ended; null when it was refused
     * @param output its outputs, when it succeeded
     * @param reason why it did not succeed, or null
     */
    record ChildEnded(
            TaskId task,
            RunId run,
            @Nullable RunStatus outcome,
            @Nullable Document output,
            @Nullable String reason) implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** The lease of the worker that executes the task has ended. */
    record WorkerLost(TaskId task, Claimant claimant, String reason) implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** The time at which a task had to be looked at has come. */
    record TaskTimerDue(TaskId task) implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * A slot was given to the run.
     *
     * @param asked the number of the run event that asked for it
     */
    record SlotGranted(long asked, Slot.Grant grant) implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }

    /** The time of the whole run is up. */
    record RunTimerDue() implements Input {
        @Override
        public void accept(Handler handler) {
            handler.on(this);
        }
    }
}
