package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import java.util.ArrayList;
import java.util.List;

/** A pipeline in the language of Graphviz. */
public final class DotDrawing {
    private DotDrawing() {}

    /** The lines of the graph. */
    public static List<String> of(Pipeline pipeline) {
        List<String> lines = new ArrayList<>();
        lines.add("digraph " + quoted(pipeline.id().value()) + " {");
        lines.add("  rankdir=TB;");
        lines.add("  node [shape=box, style=rounded, fontname=\"Helvetica\"];");
        for (Task task : pipeline.tasks()) {
            lines.add(
                    "  " + quoted(task.id().value()) + " [label=" + quoted(String.join("\n", Caption.of(task))) + "];");
        }
        for (Task task : pipeline.tasks()) {
            task.needs()
                    .forEach(need -> lines.add("  " + quoted(need.value()) + " -> "
                            + quoted(task.id().value()) + ";"));
        }
        lines.add("}");
        return lines;
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
