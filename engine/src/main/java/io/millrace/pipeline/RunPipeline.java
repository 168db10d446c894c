package io.millrace.pipeline;

import io.millrace.expression.Template;
import java.util.Map;

/**
 * Starts a run of a pipeline, with the task's {@code with} as its inputs, and waits for its end.
 *
 * @param pipeline the pipeline; its current version is run
 */
public record RunPipeline(PipelineId pipeline) implements Deferred {
    @Override
    public String kind() {
        return "run";
    }

    /** <code>{"pipeline":"…"}</code>. */
    @Override
    public Template document() {
        return Template.constant(Map.of("pipeline", pipeline.value()));
    }
}
