package io.millrace.testkit;

import io.millrace.engine.Delivery;
import io.millrace.engine.RunId;
import io.millrace.expression.Scope;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.Optional;

/**
 * An attempt at a task in a rehearsed run, or what of it follows after its worker was lost or gave it back: what an outcome is
 * asked for.
 *
 * @param task the task or the item
 * @param definition the task of the pipeline
 * @param delivery the attempt and the epoch
 * @param ordinal how often an outcome has been asked for of this task or item, this time included
 * @param childRun the run that it started, of a task that starts one
 * @param scope what the expressions of the task see at its begin
 */
public record Attempt(
        TaskId task, Task definition, Delivery delivery, int ordinal, Optional<RunId> childRun, Scope scope) {}
