package io.millrace.expression;

import java.util.Optional;

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
}
