package io.millrace.engine;

import io.millrace.pipeline.TaskId;

/**
 * The task that started a run and waits for its end.
 *
 * @param run the run of that task
 * @param task the task
 * @param attempt its attempt
 * @param depth how many runs are above the run that it started; at least 1
 */
public record Parent(RunId run, TaskId task, int attempt, int depth) {}
