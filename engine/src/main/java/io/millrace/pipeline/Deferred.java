package io.millrace.pipeline;

/** What the engine does itself: such a task waits for something, and no worker executes it. */
public sealed interface Deferred extends Action permits Approval, RunPipeline, Wait {}
