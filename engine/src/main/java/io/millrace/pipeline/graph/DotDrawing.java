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

/**
 * A pipeline in the language of Graphviz. Waits are ellipses, approvals hexagons, and runs of other pipelines boxes with depth; what is
 * executed for each element has a double border, what has a condition a dashed one. A line is dashed when a task need not
 * have succeeded for the one that needs it. What follows the tasks is drawn in boxes of its own.
 */
public final class DotDrawing {
    private DotDrawing() {}

    /** The lines of the graph. */
    public static List<String> of(Pipeline pipeline) {
        List<String> lines = new ArrayList<>();
        List<Stage> stages = StageTitle.stages(pipeline);
        lines.add("digraph " + quoted(pipeline.id().value()) + " {");
        lines.add("  rankdir=TB;");
        if (stages.size() > 1) {
            lines.add("  compound=true;");
        }
        lines.add("  node [shape=box, style=rounded, fontname=\"Helvetica\"];");
        for (Stage stage : stages) {
            if (stages.size() > 1) {
                lines.add("  subgraph " + quoted(box(stage)) + " {");
                lines.add("    label=" + quoted(StageTitle.of(stage)) + "; fontname=\"Helvetica\"; style=dashed;");
            }
            String indent = stages.size() == 1 ? "  " : "    ";
            pipeline.tasks(stage).forEach(task -> lines.add(indent + node(task)));
            pipeline.tasks(stage).forEach(task -> needs(task).forEach(need -> lines.add(indent + need)));
            if (stages.size() > 1) {
                lines.add("  }");
            }
        }
        for (int i = 1; i < stages.size(); i++) {
            lines.add("  " + between(pipeline, stages.get(i - 1), stages.get(i)));
        }
        lines.add("}");
        return lines;
    }

    /** Lines can only lead from task to task; they are cut off where they meet the boxes. */
    private static String between(Pipeline pipeline, Stage before, Stage after) {
        TaskId last = pipeline.tasks(before).stream()
                .map(Task::id)
                .filter(task -> pipeline.dependents(task).isEmpty())
                .findFirst()
                .orElseThrow();
        TaskId first = pipeline.roots(after).get(0).id();
        return quoted(last.value()) + " -> " + quoted(first.value()) + " [style=bold, minlen=2, ltail="
                + quoted(box(before)) + ", lhead=" + quoted(box(after)) + "];";
    }

    private static String node(Task task) {
        List<String> attributes = new ArrayList<>();
        attributes.add("label=" + quoted(String.join("\n", Caption.of(task))));
        if (task.action() instanceof Wait) {
            attributes.add("shape=ellipse");
        } else if (task.action() instanceof Approval) {
            attributes.add("shape=hexagon");
        } else if (task.action() instanceof RunPipeline) {
            attributes.add("shape=box3d");
        }
        if (task.condition().isPresent()) {
            attributes.add("style=\"rounded,dashed\"");
        }
        if (task.forEach().isPresent()) {
            attributes.add("peripheries=2");
        }
        return quoted(task.id().value()) + " [" + String.join(", ", attributes) + "];";
    }

    private static List<String> needs(Task task) {
        String style = task.triggerRule() == TriggerRule.ALL_SUCCEEDED ? "" : " [style=dashed]";
        return task.needs().stream()
                .map(need -> quoted(need.value()) + " -> " + quoted(task.id().value()) + style + ";")
                .toList();
    }

    private static String box(Stage stage) {
        return "cluster_" + stage.key();
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
