package io.millrace.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/** The kinds of tasks, each with its reader; a task has exactly one of their keys. */
final class Kinds {
    private static final Map<String, BiFunction<Nodes, Problems, KindReader>> READERS = readers();

    /** The keys, one for each kind. */
    static final List<String> KEYS = List.copyOf(READERS.keySet());

    private final Nodes nodes;
    private final Problems problems;

    Kinds(Nodes nodes, Problems problems) {
        this.nodes = nodes;
        this.problems = problems;
    }

    private static Map<String, BiFunction<Nodes, Problems, KindReader>> readers() {
        Map<String, BiFunction<Nodes, Problems, KindReader>> readers = new LinkedHashMap<>();
        readers.put("shell", ScriptReader::ofShell);
        readers.put("python", ScriptReader::ofPython);
        readers.put("container", ContainerReader::new);
        readers.put("java", HandlerReader::new);
        readers.put("http", HttpReader::new);
        readers.put("sql", SqlReader::new);
        readers.put("kafka", KafkaReader::new);
        readers.put("email", EmailReader::new);
        readers.put("run", RunReader::new);
        readers.put("wait", WaitReader::new);
        readers.put("approval", ApprovalReader::new);
        return readers;
    }

    /** The kind of a task, the first of several; a task with none or with several is a problem. */
    Optional<String> kind(Block task) {
        List<String> kinds = KEYS.stream().filter(task::has).toList();
        if (kinds.isEmpty()) {
            problems.add(task.place(), "a task has nothing to do", "one of the keys " + String.join(", ", KEYS));
            return Optional.empty();
        }
        for (String second : kinds.subList(1, kinds.size())) {
            problems.add(
                    task.placeOfKey(second),
                    "a task does one thing, and has `" + kinds.get(0) + "` already",
                    "a task of its own for `" + second + "`");
        }
        return Optional.of(kinds.get(0));
    }

    /** What a task of this kind does; empty after a problem. */
    Optional<ActionDraft> read(String kind, Block task) {
        return Objects.requireNonNull(READERS.get(kind)).apply(nodes, problems).read(task);
    }
}
