package io.millrace.expression;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What expressions of a pipeline may name, with the types that are known.
 *
 * @param inputs the inputs by name
 * @param tasks the declared outputs of every task by its id; empty for a task that declares none, whose output may hold anything
 * @param iterated what is known of each task with {@code for_each}, by its id
 */
public record Declarations(
        Map<String, ValueType> inputs, Map<String, Map<String, ValueType>> tasks, Map<String, Iterated> iterated) {
    public Declarations {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        iterated = Map.copyOf(iterated);
        tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
    }

    /** Without any {@code for_each}. */
    public Declarations(Map<String, ValueType> inputs, Map<String, Map<String, ValueType>> tasks) {
        this(inputs, tasks, Map.of());
    }

    /** What a task declares of its own output; for one with {@code for_each}, of that of a single item. */
    Map<String, ValueType> ownOutput(String task) {
        Iterated known = iterated.get(task);
        return known == null ? tasks.getOrDefault(task, Map.of()) : known.outputs();
    }

    /** The element of {@code for_each} that a task is executed for. */
    Iterated iterated(String task) {
        return iterated.getOrDefault(task, Iterated.UNKNOWN);
    }

    /**
     * What is known of a task with {@code for_each}.
     *
     * @param outputs the declared outputs of one item; empty when none are declared
     * @param item the type of the elements
     * @param members the members of which each element has one or the other; empty when they are not known
     */
    public record Iterated(Map<String, ValueType> outputs, ValueType item, Map<String, ValueType> members) {
        private static final Iterated UNKNOWN = new Iterated(Map.of(), ValueType.ANY, Map.of());

        public Iterated {
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }
}
