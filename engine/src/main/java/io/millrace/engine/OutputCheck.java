package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.Outputs;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.List;
import java.util.Optional;

/** Whether an output is one that its task may give: within the limit, of the declared types, and passing `check`. */
final class OutputCheck {
    /** How much of an output is quoted, in characters. */
    private static final int SHOWN = 200;

    private OutputCheck() {}

    /** Why the output is not accepted; empty when it is. */
    static Optional<Failure> fault(Step step, TaskId id, Document output, Limits limits) {
        Task task = step.definition(id);
        Optional<String> excess = limits.excessOutput(output);
        if (excess.isPresent()) {
            return Optional.of(Failure.permanent(Failure.Kind.INVALID_OUTPUT, excess.get()));
        }
        List<String> problems = Outputs.problems(task, output);
        if (!problems.isEmpty()) {
            return Optional.of(Failure.retryable(Failure.Kind.INVALID_OUTPUT, String.join("; ", problems)));
        }
        if (task.check().isEmpty()) {
            return Optional.empty();
        }
        try {
            RunScope scope = RunScope.of(step, id).testing(id, output);
            return task.check().get().evaluate(scope)
                    ? Optional.empty()
                    : Optional.of(Failure.retryable(
                            Failure.Kind.CHECK,
                            "its check is false: " + task.check().get().source() + "; the output is "
                                    + beginning(output.json())));
        } catch (EvaluationException e) {
            return Optional.of(unevaluable(e));
        }
    }

    private static String beginning(String json) {
        return json.length() <= SHOWN ? json : json.substring(0, SHOWN) + "…";
    }

    /** The failure of a task whose own expression has no value: another attempt would evaluate the same. */
    static Failure unevaluable(EvaluationException e) {
        return Failure.permanent(Failure.Kind.EXPRESSION, String.valueOf(e.getMessage()));
    }
}
