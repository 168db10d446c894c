package io.millrace.pipeline;

import io.millrace.expression.Document;

/** The inputs of a run, held against those that its pipeline declares. */
public final class Inputs {
    private Inputs() {}

    /**
     * Fills in defaults, and checks names and types.
     *
     * @param pipeline the pipeline to be run
     * @param given the inputs as they came with the trigger
     */
    public static Resolved resolve(Pipeline pipeline, Document given) {
        throw new UnsupportedOperationException(pipeline.toString() + given);
    }
}
