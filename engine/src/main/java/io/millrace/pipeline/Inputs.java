package io.millrace.pipeline;

import io.millrace.expression.Document;
import java.util.List;

/** The inputs of a run, held against those that its pipeline declares. */
public final class Inputs {
    /**
     * What became of the inputs that a run was given.
     *
     * @param document the run's inputs with defaults filled in; when there are problems, the inputs as they were given
     * @param problems what is wrong with them, a sentence each; empty when the run can start
     */
    public record Resolved(Document document, List<String> problems) {
        public Resolved {
            problems = List.copyOf(problems);
        }
    }

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
