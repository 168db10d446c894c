package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Suggestion;
import io.millrace.expression.ValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * Fills in defaults, and checks names and types, and that the pipeline's {@code concurrency} has a key for them. An input that is neither given nor required, and has no default, stays absent.
     *
     * @param pipeline the pipeline to be run
     * @param given the inputs as they came with the trigger
     */
    public static Resolved resolve(Pipeline pipeline, Document given) {
        List<String> problems = new ArrayList<>();
        Map<String, @Nullable Object> values = given.asMap();
        for (String name : values.keySet()) {
            if (!pipeline.inputs().containsKey(name)) {
                problems.add(unknown(pipeline, name));
            }
        }
        Map<String, @Nullable Object> resolved = new LinkedHashMap<>();
        for (InputSpec input : pipeline.inputs().values()) {
            if (values.containsKey(input.name())) {
                Object value = values.get(input.name());
                if (!input.type().accepts(value)) {
                    problems.add("the input " + input.name() + " must be "
                            + input.type().describe() + ", and is " + ValueType.describe(value));
                }
                resolved.put(input.name(), value);
            } else if (input.required()) {
                problems.add("the input " + input.name() + " is missing; it must be "
                        + input.type().describe());
            } else {
                input.defaultValue().ifPresent(value -> resolved.put(input.name(), value));
            }
        }
        if (!problems.isEmpty()) {
            return new Resolved(given, problems);
        }
        Document document = Document.of(resolved);
        return keyProblem(pipeline, document)
                .map(problem -> new Resolved(given, List.of(problem)))
                .orElseGet(() -> new Resolved(document, List.of()));
    }

    private static Optional<String> keyProblem(Pipeline pipeline, Document inputs) {
        try {
            if (pipeline.concurrency().isPresent()) {
                pipeline.concurrency().get().keyOf(inputs);
            }
            return Optional.empty();
        } catch (EvaluationException e) {
            return Optional.of("the key of `concurrency`: " + e.getMessage());
        }
    }

    private static String unknown(Pipeline pipeline, String name) {
        Optional<String> meant = Suggestion.of(name, pipeline.inputs().keySet());
        String hint = pipeline.inputs().isEmpty()
                ? "; it declares none"
                : meant.map(other -> "; did you mean \"" + other + "\"?")
                        .orElse("; it declares "
                                + String.join(", ", pipeline.inputs().keySet()));
        return "the pipeline " + pipeline.id() + " has no input \"" + name + "\"" + hint;
    }
}
