package io.millrace.pipeline.graph;

import io.millrace.pipeline.Deferred;
import io.millrace.pipeline.ForEach;
import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TriggerRule;
import io.millrace.pipeline.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said of a task in a drawing: its id, what it does and where, and when it is executed how often. */
final class Caption {
    private static final int LONGEST = 40;

    private Caption() {}

    static List<String> of(Task task) {
        List<String> lines = new ArrayList<>();
        lines.add(task.id().value());
        lines.add(shortened(what(task)));
        task.forEach().ifPresent(forEach -> lines.add("for each of " + shortened(items(forEach))));
        task.condition().ifPresent(condition -> lines.add("if " + shortened(condition.source())));
        if (task.triggerRule() != TriggerRule.ALL_SUCCEEDED) {
            lines.add("rule " + task.triggerRule().name().toLowerCase(Locale.ROOT));
        }
        return lines;
    }

    private static String what(Task task) {
        if (task.action() instanceof Wait wait) {
            return wait.toString();
        }
        if (task.action() instanceof RunPipeline run) {
            return "run " + run.pipeline();
        }
        boolean elsewhere = !task.queue().equals("default") && !(task.action() instanceof Deferred);
        return task.action().kind() + (elsewhere ? " on " + task.queue() : "");
    }

    private static String items(ForEach forEach) {
        return forEach.items().expression().orElseGet(() -> {
            int count = forEach.items().elements();
            return count + (count == 1 ? " item" : " items");
        });
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int length = line.codePointCount(0, line.length());
        return length <= LONGEST ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST - 3)) + "...";
    }
}
