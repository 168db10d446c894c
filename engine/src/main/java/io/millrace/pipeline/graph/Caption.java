package io.millrace.pipeline.graph;

import io.millrace.pipeline.Task;
import java.util.ArrayList;
import java.util.List;

/** What is said of a task in a drawing: its id, what it does and where, and its condition. */
final class Caption {
    private static final int LONGEST = 40;

    private Caption() {}

    static List<String> of(Task task) {
        List<String> lines = new ArrayList<>();
        lines.add(task.id().value());
        lines.add(task.action().kind() + (task.queue().equals("default") ? "" : " on " + task.queue()));
        task.condition().ifPresent(condition -> lines.add("if " + shortened(condition.source())));
        return lines;
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        int length = line.codePointCount(0, line.length());
        return length <= LONGEST ? line : line.substring(0, line.offsetByCodePoints(0, LONGEST - 3)) + "...";
    }
}
