package io.millrace.worker.execute;

import io.millrace.worker.secret.Mask;
import io.millrace.worker.secret.MaskedJson;

/** An outcome without secrets (G9): what leaves the worker about an execution beside its lines. */
final class MaskedOutcome {
    private MaskedOutcome() {}

    static Outcome of(Outcome outcome, Mask mask) {
        if (mask.isEmpty()) {
            return outcome;
        }
        if (outcome instanceof Outcome.Succeeded succeeded) {
            return succeeded(succeeded, mask);
        }
        if (outcome instanceof Outcome.Failed failed) {
            return new Outcome.Failed(failed.failure().masked(mask));
        }
        return outcome;
    }

    private static Outcome succeeded(Outcome.Succeeded succeeded, Mask mask) {
        String masked = MaskedJson.of(succeeded.output(), mask);
        if (masked.startsWith("{")) {
            return new Outcome.Succeeded(masked);
        }
        return new Outcome.Failed(Failure.invalidOutput(
                "The structure of the output spells a secret of the task, and cannot be given out."));
    }
}
