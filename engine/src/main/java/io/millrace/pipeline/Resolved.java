package io.millrace.pipeline;

import io.millrace.expression.Document;
import java.util.List;
import java.util.Optional;

/**
 * What became of the inputs that a run was given: either the document with defaults filled in, or all that is wrong with them.
 *
 * @param inputs the run's inputs; present exactly if nothing is wrong
 * @param problems what is wrong, a sentence each
 */
public record Resolved(Optional<Document> inputs, List<String> problems) {
    public Resolved {
        problems = List.copyOf(problems);
        if (inputs.isPresent() != problems.isEmpty()) {
            throw new IllegalArgumentException("either inputs or problems");
        }
    }
}
