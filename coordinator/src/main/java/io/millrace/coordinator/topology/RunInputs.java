package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.event.DeadLetterReason;
import io.millrace.expression.Document;
import io.millrace.pipeline.Inputs;
import java.util.Optional;

/** What a run may be started with. */
final class RunInputs {
    private RunInputs() {}

    /**
     * The inputs as they are given, when a run of the version can be started with them.
     *
     * @throws RefusedException when they exceed a limit, or are not what the pipeline declares
     */
    static Document checked(Decisions decisions, PipelineVersion version, Document inputs) throws RefusedException {
        Optional<String> excess = decisions.limits().excessRunInputs(inputs);
        if (excess.isPresent()) {
            throw new RefusedException(DeadLetterReason.LIMIT, excess.get());
        }
        Inputs.Resolved resolved = Inputs.resolve(version.pipeline(), inputs);
        if (!resolved.problems().isEmpty()) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, String.join("; ", resolved.problems()));
        }
        return inputs;
    }
}
