package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import java.util.ArrayList;
import java.util.List;

/** A pipeline as a Mermaid flowchart, which GitHub, GitLab and many editors draw. */
public final class MermaidDrawing {
    private MermaidDrawing() {}

    /** The lines of the diagram. Whatever is written in the file is only text in it. */
    public static List<String> of(Pipeline pipeline) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart TD");
        for (Task task : pipeline.tasks()) {
            List<String> caption =
                    Caption.of(task).stream().map(MermaidDrawing::escaped).toList();
            lines.add("  " + node(task.id().value()) + "[\"" + String.join("<br/>", caption) + "\"]");
        }
        for (Task task : pipeline.tasks()) {
            task.needs()
                    .forEach(need -> lines.add(
                            "  " + node(need.value()) + " --> " + node(task.id().value())));
        }
        return lines;
    }

    /** Some ids, such as {@code end}, are words of Mermaid. */
    private static String node(String id) {
        return "t_" + id;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || " _.,:()=+-*/?!".indexOf(c) >= 0) {
                escaped.appendCodePoint(c);
            } else {
                escaped.append('#').append(c).append(';');
            }
        });
        return escaped.toString();
    }
}
