package io.millrace.testkit;

import io.millrace.engine.Claimant;
import io.millrace.engine.Failure;
import io.millrace.engine.Input;
import io.millrace.engine.RunStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.Action;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.RunPipeline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an attempt can end. */
public sealed interface Ending {
    /** Whether a task that does this can end so. */
    boolean fits(Action action);

    /** What the engine is told of it; empty when it is told nothing. */
    Optional<Input> input(Attempt attempt, Claimant worker);

    /** The task, or the run that it started, succeeded. */
    record Gives(Document output) implements Ending {
        @Override
        public boolean fits(Action action) {
            return isExecuted(action) || action instanceof RunPipeline;
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.of(attempt.childRun()
                    .<Input>map(run -> new Input.ChildEnded(attempt.task(), run, RunStatus.SUCCEEDED, output, null))
                    .orElseGet(
                            () -> new Input.TaskSucceeded(attempt.task(), attempt.delivery(), worker, output, null)));
        }
    }

    /** The task, or the run that it started, failed. */
    record Fails(Failure failure) implements Ending {
        @Override
        public boolean fits(Action action) {
            return isExecuted(action) || action instanceof RunPipeline;
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.of(attempt.childRun()
                    .<Input>map(
                            run -> new Input.ChildEnded(attempt.task(), run, RunStatus.FAILED, null, failure.message()))
                    .orElseGet(() -> new Input.TaskFailed(attempt.task(), attempt.delivery(), worker, failure, null)));
        }
    }

    /** The lease of its worker ended. */
    record LosesWorker() implements Ending {
        @Override
        public boolean fits(Action action) {
            return isExecuted(action);
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.of(new Input.WorkerLost(attempt.task(), worker, "its worker was lost"));
        }
    }

    /** Its worker gave it back unfinished. */
    record IsReleased() implements Ending {
        @Override
        public boolean fits(Action action) {
            return isExecuted(action);
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.of(
                    new Input.TaskReleased(attempt.task(), attempt.delivery(), worker, "its worker is stopping", null));
        }
    }

    /** Nothing is heard of it any more. */
    record Never() implements Ending {
        @Override
        public boolean fits(Action action) {
            return isExecuted(action) || action instanceof Approval || action instanceof RunPipeline;
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.empty();
        }
    }

    /** Somebody answered what the task asks. */
    record Answered(
            boolean approved, @Nullable String by, @Nullable String comment) implements Ending {
        @Override
        public boolean fits(Action action) {
            return action instanceof Approval;
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return Optional.of(new Input.TaskAnswered(null, attempt.task(), approved, by, comment));
        }
    }

    /** The run that the task started failed or was cancelled. */
    record RunEnds(RunStatus status, @Nullable String reason) implements Ending {
        /** Checks that it is an end without success. @throws IllegalArgumentException when it is none */
        public RunEnds {
            if (!status.hasEnded() || status == RunStatus.SUCCEEDED) {
                throw new IllegalArgumentException("not an end without success: " + status);
            }
        }

        @Override
        public boolean fits(Action action) {
            return action instanceof RunPipeline;
        }

        @Override
        public Optional<Input> input(Attempt attempt, Claimant worker) {
            return attempt.childRun().map(run -> new Input.ChildEnded(attempt.task(), run, status, null, reason));
        }
    }

    private static boolean isExecuted(Action action) {
        return !(action instanceof Deferred);
    }
}
