package io.millrace.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys have a use in which kind of tasks: the one table of it. A key where it has no use is a problem, since it would be
 * ignored in silence; what {@code defaults} say is passed over there. Keys that are not in the table, such as {@code needs} and
 * {@code if}, go with every kind.
 */
final class KeyUse {
    /** The keys that some kind has no use for. */
    static final List<String> KEYS = List.of(
            "with", "env", "files", "outputs", "check", "retry", "timeout", "memory", "queue", "on_worker_loss");

    private static final Map<String, Set<String>> TABLE = table();

    /**
     * The kinds whose outputs may be files: those that write files of their own, {@code run}, which hands on those of the run, and
     * {@code http}, of which {@link HttpReader} says that the body alone can be one.
     */
    private static final Set<String> WITH_FILE_OUTPUTS = Set.of("shell", "python", "container", "java", "run", "http");

    /** What does the work of a key where it has no use. */
    private static final Map<String, Map<String, String>> INSTEAD = Map.of(
            "http", ofValues("values in `query`, `headers` or a body such as `json`"),
            "sql", ofValues("values in `parameters`"),
            "kafka", ofValues("values in `key`, `value` and `headers`"),
            "email", ofValues("values in `subject`, `text` and `html`"),
            "run", Map.of("env", "values in `with`, the inputs of the run"),
            "wait", Map.of("timeout", "`for` or `until` in `wait`, which say when it ends"));

    private KeyUse() {}

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        Set<String> ofProcesses = Set.copyOf(KEYS);
        table.put("shell", ofProcesses);
        table.put("python", ofProcesses);
        table.put("container", ofProcesses);
        // A handler lives in the memory of its worker.
        table.put(
                "java",
                Set.of("with", "env", "files", "outputs", "check", "retry", "timeout", "queue", "on_worker_loss"));
        table.put("http", Set.of("outputs", "check", "retry", "timeout", "queue", "on_worker_loss"));
        // A load may read one of the task's files.
        table.put("sql", Set.of("files", "outputs", "check", "retry", "timeout", "queue", "on_worker_loss"));
        // A worker that is lost before the one transaction commits has done nothing: there is nothing to choose.
        table.put("kafka", Set.of("outputs", "check", "retry", "timeout", "queue"));
        table.put("email", Set.of("outputs", "check", "retry", "timeout", "queue", "on_worker_loss"));
        // No worker executes the others.
        table.put("run", Set.of("with", "outputs", "check", "retry", "timeout"));
        // It has no output, ends by itself, and another attempt would fail as the first one.
        table.put("wait", Set.of());
        // Its timeout is its deadline; a retry asks once more when the check of an answer was false.
        table.put("approval", Set.of("outputs", "check", "retry", "timeout"));
        return table;
    }

    private static Map<String, String> ofValues(String instead) {
        return Map.of("with", instead, "env", instead);
    }

    /** Whether a key means something to tasks of a kind. */
    static boolean has(String kind, String key) {
        return !KEYS.contains(key)
                || Objects.requireNonNull(TABLE.get(kind), kind).contains(key);
    }

    /** Whether an output of such a task may be a file. */
    static boolean hasFileOutputs(String kind) {
        return WITH_FILE_OUTPUTS.contains(kind);
    }

    /** Adds a problem for each key of a task that its kind has no use for. */
    static void check(String kind, Block task, Problems problems) {
        for (String key : KEYS) {
            if (task.has(key) && !has(kind, key)) {
                problems.add(task.placeOfKey(key), "`" + kind + "` has no use for `" + key + "`", expected(kind, key));
            }
        }
    }

    private static String expected(String kind, String key) {
        List<String> with = Kinds.KEYS.stream().filter(any -> has(any, key)).toList();
        List<String> without = Kinds.KEYS.stream().filter(any -> !has(any, key)).toList();
        String home = with.size() <= without.size() + 2
                ? "`" + key + "` in a task of " + Problems.oneOf(with)
                : "`" + key + "` in a task of any kind but " + String.join(", ", without);
        return Optional.ofNullable(INSTEAD.getOrDefault(kind, Map.of()).get(key))
                .map(instead -> instead + "; or " + home)
                .orElse(home);
    }
}
