package io.millrace.expression;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an expression may see while it is evaluated. Only what the expression names is asked for. */
public interface Scope {
    /** The run's inputs with defaults filled in: {@code inputs}. */
    Document inputs();

    /**
     * The output of a task: {@code tasks.<id>.output}; empty when the task did not succeed. While a task's {@code check}
     * is evaluated, this answers the output under test for the task itself, which the check sees as {@code output}.
     */
    Optional<Document> output(String taskId);

    /** The status of a task in lower case, for example {@code succeeded} or {@code skipped}: {@code tasks.<id>.status}. */
    String status(String taskId);

    /** The run's id: {@code run.id}. */
    String runId();

    /** The pipeline's id: {@code run.pipeline}. */
    String pipeline();

    /** The version of the pipeline that the run is pinned to, from 1: {@code run.version}. */
    int version();

    /**
     * The moment that the run is for, in ISO 8601 and UTC, for example {@code 2026-03-01T02:30:00Z}: {@code run.logical_time}.
     */
    String logicalTime();

    /**
     * The run's status in lower case, {@code running} until its outcome is decided: {@code run.status}.
     */
    String runStatus();

    /** Why the run's outcome is what it is, in one sentence; empty while there is nothing to say: {@code run.reason}. */
    String runReason();

    /**
     * The value of one of the names that this place knows besides, as JSON: {@code item}, for example, or {@code event}.
     *
     * @throws IllegalStateException when this place does not know the name
     */
    default @Nullable Object local(Local name) {
        throw new IllegalStateException("there is no " + name + " here");
    }
}
