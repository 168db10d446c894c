package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A pipeline as boxes in layers, from top to bottom, with lines from each task to those that need it; stage by stage, each under its title. Where the boxes would be wider
 * than the terminal, or lines could not be told from each other, the layers are listed instead.
 */
public final class BoxDrawing {
    /** Beyond this nobody follows a line with the eye. */
    private static final int MOST_TASKS = 200;

    private static final int MOST_MOVES = 20;

    private BoxDrawing() {}

    /**
     * The lines of the drawing, without trailing blanks.
     *
     * @param columns how wide it may be
     * @param unicode whether lines may be drawn with the characters for that; otherwise with ASCII
     */
    public static List<String> of(Pipeline pipeline, int columns, boolean unicode) {
        List<String> lines = new ArrayList<>();
        for (Stage stage : StageTitle.stages(pipeline)) {
            if (stage != Stage.MAIN) {
                lines.add("");
                lines.add(StageTitle.of(stage));
            }
            lines.addAll(stage(pipeline, stage, columns, unicode));
        }
        return Collections.unmodifiableList(lines);
    }

    private static List<String> stage(Pipeline pipeline, Stage stage, int columns, boolean unicode) {
        Layers layers = Layers.of(pipeline, stage);
        if (pipeline.tasks(stage).size() <= MOST_TASKS) {
            Layout layout = new Layout(pipeline, layers);
            if (untangled(layout) && layout.width() <= columns) {
                return drawn(layout, unicode);
            }
        }
        return listed(layers);
    }

    /** Moves rows a little to the right where lines would lie upon each other; false when that does not help. */
    private static boolean untangled(Layout layout) {
        List<List<Box>> rows = layout.rows();
        for (int i = 0; i + 1 < rows.size(); i++) {
            int moves = 0;
            while (Gap.between(rows.get(i), rows.get(i + 1)).isTangled()) {
                if (moves++ == MOST_MOVES) {
                    return false;
                }
                rows.subList(i + 1, rows.size()).forEach(row -> row.forEach(box -> box.moveTo(box.left() + 1)));
            }
        }
        return true;
    }

    private static List<String> drawn(Layout layout, boolean unicode) {
        Canvas canvas = new Canvas();
        int y = 0;
        for (int i = 0; i < layout.rows().size(); i++) {
            List<Box> row = layout.rows().get(i);
            int height = row.stream().mapToInt(Box::height).max().orElse(0);
            for (Box box : row) {
                canvas.box(box, y, height);
            }
            y += height;
            if (i + 1 < layout.rows().size()) {
                y += Gap.between(row, layout.rows().get(i + 1)).draw(canvas, y);
            }
        }
        return canvas.lines(unicode);
    }

    private static List<String> listed(Layers layers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < layers.all().size(); i++) {
            lines.add("layer " + (i + 1) + ":");
            for (Task task : layers.all().get(i)) {
                String needs = task.needs().stream().map(TaskId::value).collect(Collectors.joining(", "));
                lines.add("  " + String.join(", ", Caption.of(task)) + (needs.isEmpty() ? "" : " <- " + needs));
            }
        }
        return lines;
    }
}
