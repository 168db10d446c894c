package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The output of a task, held against what the task declares. */
public final class Outputs {
    private Outputs() {}

    /**
     * What is wrong with an output, a sentence each: a declared member that is missing or of another type. Members that are not
     * declared are allowed, and so is any object where the task declares none.
     */
    public static List<String> problems(Task task, Document output) {
        if (task.outputs().isEmpty()) {
            return List.of();
        }
        List<String> problems = new ArrayList<>();
        Map<String, @Nullable Object> values = output.asMap();
        task.outputs().forEach((name, type) -> {
            if (!values.containsKey(name)) {
                problems.add("the output has no `" + name + "`; it must be " + type.describe());
            } else if (!type.accepts(values.get(name))) {
                problems.add("the output `" + name + "` must be " + type.describe() + ", and is "
                        + ValueType.describe(values.get(name)));
            }
        });
        return problems;
    }
}
