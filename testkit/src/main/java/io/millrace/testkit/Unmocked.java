package io.millrace.testkit;

import io.millrace.expression.Document;
import io.millrace.expression.ValueType;
import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of attempts of which a test says nothing. */
public enum Unmocked implements Outcomes {
    /**
     * A task that declares {@code outputs} or has a {@code check} needs a mock; all others succeed at once with an empty
     * output. An approval waits.
     */
    REFUSE {
        @Override
        public Optional<Outcome> of(Attempt attempt) {
            Task task = attempt.definition();
            if (task.action() instanceof Approval) {
                return Optional.of(Outcome.neverEnds());
            }
            boolean plain = task.outputs().isEmpty() && task.check().isEmpty();
            return plain ? Optional.of(Outcome.gives(Map.of())) : Optional.empty();
        }
    },
    /** Every task succeeds at once, with something of the declared type for each of its outputs; an approval is given. */
    SUCCEED {
        @Override
        public Optional<Outcome> of(Attempt attempt) {
            Task task = attempt.definition();
            return Optional.of(
                    task.action() instanceof Approval
                            ? Outcome.approvedBy(null)
                            : Outcome.of(new Ending.Gives(standIn(task))));
        }
    };

    /** Something of the declared type for each output of a task. */
    public static Document standIn(Task task) {
        Map<String, @Nullable Object> output = new LinkedHashMap<>();
        task.outputs().forEach((name, type) -> output.put(name, standIn(name, type)));
        return Document.of(output);
    }

    private static @Nullable Object standIn(String name, ValueType type) {
        return switch (type) {
            case STRING -> "";
            case INTEGER -> 0L;
            case NUMBER -> 0.0;
            case BOOLEAN -> false;
            case LIST -> List.of();
            case OBJECT -> Map.of();
            case FILE -> Map.of("artifact", "sha256:" + "0".repeat(64), "name", name, "size", 0L);
            case ANY -> null;
        };
    }
}
