package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineLimits;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a run must not exceed. Whatever does fails visibly, with the name of the limit and its value.
 *
 * @param runInputBytes the inputs of a run, as JSON in UTF-8
 * @param taskInputBytes the resolved `with` of a task, as JSON in UTF-8
 * @param actionBytes what a task does, resolved, as JSON in UTF-8
 * @param environmentBytes the resolved `env` of a task, names and values in UTF-8
 * @param outputBytes the output of a task, as JSON in UTF-8
 * @param items the items of a task with {@code for_each}
 * @param itemBytes their list, as JSON in UTF-8
 * @param depth how many runs may be above a run that a task starts
 * @param losses with how many workers one attempt may be lost: a task that takes its workers down with it is given up
 */
public record Limits(
        int runInputBytes,
        int taskInputBytes,
        int actionBytes,
        int environmentBytes,
        int outputBytes,
        int items,
        int itemBytes,
        int depth,
        int losses) {
    /** What holds where nothing else is said. Together they keep every record under Kafka's default of 1 MB. */
    public static final Limits STANDARD =
            new Limits(256 << 10, 256 << 10, 512 << 10, 64 << 10, 256 << 10, PipelineLimits.ITEMS, 512 << 10, 10, 5);

    /** Says by how much a run's inputs are too large; empty when they are not. */
    public Optional<String> excessRunInputs(Document inputs) {
        return excess("the run's inputs have", inputs.sizeInBytes(), "runInputBytes", runInputBytes);
    }

    Optional<String> excessTaskInputs(Document inputs) {
        return excess("the task's `with` has", inputs.sizeInBytes(), "taskInputBytes", taskInputBytes);
    }

    Optional<String> excessAction(String kind, Document action) {
        return excess("the task's `" + kind + "` has", action.sizeInBytes(), "actionBytes", actionBytes);
    }

    Optional<String> excessEnvironment(Map<String, String> environment) {
        int bytes = 0;
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            bytes += bytes(variable.getKey()) + bytes(variable.getValue());
        }
        return excess("the task's `env` has", bytes, "environmentBytes", environmentBytes);
    }

    Optional<String> excessOutput(Document output) {
        return excess("the output has", output.sizeInBytes(), "outputBytes", outputBytes);
    }

    Optional<String> excessItems(int count, int bytes) {
        return count <= items
                ? excess("the list of `for_each` has", bytes, "itemBytes", itemBytes)
                : Optional.of("`for_each` has %d items; the limit items is %d".formatted(count, items));
    }

    public Optional<String> excessDepth(int runsAbove) {
        return runsAbove <= depth
                ? Optional.empty()
                : Optional.of("the run would have %d runs above it; the limit depth is %d".formatted(runsAbove, depth));
    }

    private static Optional<String> excess(String what, int bytes, String limit, int value) {
        return bytes <= value
                ? Optional.empty()
                : Optional.of("%s %d bytes; the limit %s is %d".formatted(what, bytes, limit, value));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
