package io.millrace.testkit.file;

import io.millrace.expression.Declarations;
import io.millrace.expression.Expressions;
import io.millrace.expression.ValueType;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/** What expressions of a test may name: what its pipeline declares. */
final class Declared {
    private static final Map<String, ValueType> OF_ITEMS =
            Map.of("items", ValueType.LIST, "succeeded", ValueType.INTEGER, "failed", ValueType.INTEGER);

    private Declared() {}

    static Expressions by(Pipeline pipeline) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        pipeline.inputs().forEach((name, input) -> inputs.put(name, input.type()));
        Map<String, Map<String, ValueType>> outputs = new LinkedHashMap<>();
        Map<String, Declarations.Iterated> iterated = new LinkedHashMap<>();
        for (Task task : pipeline.tasks()) {
            boolean hasItems = task.forEach().isPresent();
            outputs.put(task.id().value(), hasItems ? OF_ITEMS : task.outputs());
            if (hasItems) {
                iterated.put(task.id().value(), new Declarations.Iterated(task.outputs(), ValueType.ANY, Map.of()));
            }
        }
        return new Expressions(new Declarations(inputs, outputs, iterated));
    }
}
