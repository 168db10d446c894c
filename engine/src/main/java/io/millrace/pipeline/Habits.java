package io.millrace.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys that people know from crontabs and from other systems, and what they are called here. */
final class Habits {
    private static final Map<String, String> HERE = Map.ofEntries(
            Map.entry("command", "shell"),
            Map.entry("cmd", "shell"),
            Map.entry("bash", "shell"),
            Map.entry("sh", "shell"),
            Map.entry("script", "shell"),
            Map.entry("depends_on", "needs"),
            Map.entry("depends", "needs"),
            Map.entry("after", "needs"),
            Map.entry("requires", "needs"),
            Map.entry("upstream", "needs"),
            Map.entry("name", "id"),
            Map.entry("when", "if"),
            Map.entry("condition", "if"),
            Map.entry("environment", "env"),
            Map.entry("image", "container"),
            Map.entry("docker", "container"),
            Map.entry("foreach", "for_each"),
            Map.entry("matrix", "for_each"),
            Map.entry("schedule", "triggers"),
            Map.entry("schedules", "triggers"),
            Map.entry("cron", "triggers"),
            Map.entry("on", "triggers"),
            Map.entry("steps", "tasks"),
            Map.entry("jobs", "tasks"),
            Map.entry("stages", "tasks"),
            Map.entry("params", "inputs"),
            Map.entry("parameters", "inputs"),
            Map.entry("variables", "inputs"));

    /** The same for words that mean something at the top and in a trigger. */
    private static final Map<String, String> IN_TRIGGERS = Map.of(
            "cron",
            "schedule",
            "every",
            "schedule",
            "with",
            "inputs",
            "if",
            "filter",
            "where",
            "filter",
            "topic",
            "kafka",
            "http",
            "webhook",
            "hook",
            "webhook",
            "file",
            "files",
            "directory",
            "files");

    private Habits() {}

    /** The key that is meant, where it is one of those that may stand here. */
    static Optional<String> suggestion(String written, List<String> keys) {
        return Optional.ofNullable(HERE.get(written))
                .filter(keys::contains)
                .or(() -> Optional.ofNullable(IN_TRIGGERS.get(written)).filter(keys::contains));
    }
}
