package io.millrace.expression;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What expressions of a pipeline may name, with the types that are known.
 *
 * @param inputs the inputs by name
 * @param tasks the declared outputs of every task by its id; empty for a task that declares none, whose output may hold anything
 */
public record Declarations(Map<String, ValueType> inputs, Map<String, Map<String, ValueType>> tasks) {
    public Declarations {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    }
}
