package io.millrace.pipeline;

import java.util.List;
import java.util.Optional;

/**
 * What became of a pipeline's file: either the pipeline, or all problems in it.
 *
 * @param pipeline the pipeline; present exactly if there is no problem
 * @param problems the problems in file order
 */
public record ParsedPipeline(Optional<Pipeline> pipeline, List<Problem> problems) {
    public ParsedPipeline {
        problems = List.copyOf(problems);
        if (pipeline.isPresent() != problems.isEmpty()) {
            throw new IllegalArgumentException("either a pipeline or problems");
        }
    }

    /**
     * The pipeline of a file that is known to be good.
     *
     * @throws IllegalStateException when there are problems; the message lists them, one a line
     */
    public Pipeline orElseThrow() {
        return pipeline.orElseThrow(() -> new IllegalStateException(
                String.join("\n", problems.stream().map(Problem::toString).toList())));
    }
}
