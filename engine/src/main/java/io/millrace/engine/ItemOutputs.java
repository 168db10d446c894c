package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The output of a task with {@code for_each}: what its items gave, in the order of the list. It is put together when an
 * expression asks for it and stored nowhere, so that it may be larger than the output of one task.
 */
final class ItemOutputs {
    private ItemOutputs() {}

    /** <code>{"failed":1,"items":[…],"succeeded":2}</code> with null for a failed item; empty when the task did not succeed. */
    static Optional<Document> of(Step step, TaskId task) {
        TaskState state = step.task(task);
        ItemCount count = state.items();
        if (state.status() != TaskStatus.SUCCEEDED || count == null) {
            return Optional.empty();
        }
        List<@Nullable Object> outputs = new ArrayList<>(count.total());
        for (int index = 0; index < count.total(); index++) {
            Document output = step.task(task.item(index)).output();
            outputs.add(output == null ? null : output.asMap());
        }
        return Optional.of(Document.ofValue(
                Map.of("items", outputs, "succeeded", (long) count.total() - count.failed(), "failed", (long)
                        count.failed())));
    }
}
