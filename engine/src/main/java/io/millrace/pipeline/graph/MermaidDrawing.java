package io.millrace.pipeline.graph;

import io.millrace.pipeline.Approval;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.RunPipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import io.millrace.pipeline.TriggerRule;
import io.millrace.pipeline.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A pipeline as a Mermaid flowchart, which GitHub, GitLab and many editors draw. Waits are rounded, approvals hexagons, and runs of other
 * pipelines have double sides; what is executed for each element has a thick border, what has a condition a dashed one. A line is
 * dotted when a task need not have succeeded for the one that needs it. What follows the tasks is drawn in boxes of its own.
 */
public final class MermaidDrawing {
    private MermaidDrawing() {}

    /** The lines of the diagram. Whatever is written in the file is only text in it. */
    public static List<String> of(Pipeline pipeline) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart TD");
        List<Stage> stages = StageTitle.stages(pipeline);
        for (Stage stage : stages) {
            String indent = stages.size() == 1 ? "  " : "    ";
            if (stages.size() > 1) {
                lines.add("  subgraph " + box(stage) + "[\"" + escaped(StageTitle.of(stage)) + "\"]");
            }
            pipeline.tasks(stage).forEach(task -> lines.add(indent + node(task)));
            pipeline.tasks(stage).forEach(task -> needs(task).forEach(need -> lines.add(indent + need)));
            if (stages.size() > 1) {
                lines.add("  end");
            }
        }
        for (int i = 1; i < stages.size(); i++) {
            lines.add("  " + box(stages.get(i - 1)) + " ==> " + box(stages.get(i)));
        }
        style(
                lines,
                pipeline,
                "each",
                "stroke-width:4px",
                task -> task.forEach().isPresent());
        style(
                lines,
                pipeline,
                "conditional",
                "stroke-dasharray:6 4",
                task -> task.condition().isPresent());
        return lines;
    }

    private static void style(List<String> lines, Pipeline pipeline, String name, String css, Predicate<Task> which) {
        String nodes = pipeline.tasks().stream()
                .filter(which)
                .map(task -> node(task.id()))
                .collect(Collectors.joining(","));
        if (!nodes.isEmpty()) {
            lines.add("  classDef " + name + " " + css);
            lines.add("  class " + nodes + " " + name);
        }
    }

    private static String node(Task task) {
        String caption = Caption.of(task).stream().map(MermaidDrawing::escaped).collect(Collectors.joining("<br/>"));
        String text = "\"" + caption + "\"";
        if (task.action() instanceof Wait) {
            return node(task.id()) + "([" + text + "])";
        }
        if (task.action() instanceof Approval) {
            return node(task.id()) + "{{" + text + "}}";
        }
        return node(task.id()) + (task.action() instanceof RunPipeline ? "[[" + text + "]]" : "[" + text + "]");
    }

    private static List<String> needs(Task task) {
        String arrow = task.triggerRule() == TriggerRule.ALL_SUCCEEDED ? " --> " : " -.-> ";
        return task.needs().stream()
                .map(need -> node(need) + arrow + node(task.id()))
                .toList();
    }

    /** Some ids, such as {@code end}, are words of Mermaid. */
    private static String node(TaskId id) {
        return "t_" + id;
    }

    private static String box(Stage stage) {
        return "s_" + stage.key();
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
