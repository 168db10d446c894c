package io.millrace.pipeline.graph;

import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.Task;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where the boxes stand: in each row ordered so that few lines cross, and as near as can be to those that they are tied to. The way is
 * that of Sugiyama, Tagawa and Toda (1981): layers, passing lines, barycentres.
 */
final class Layout {
    private static final int SWEEPS = 8;
    private static final int SPACE = 2;

    private final List<List<Box>> rows = new ArrayList<>();

    Layout(Pipeline pipeline, Layers layers) {
        Map<TaskId, Box> boxes = new HashMap<>();
        for (List<Task> layer : layers.all()) {
            List<Box> row = new ArrayList<>();
            for (Task task : layer) {
                Box box = Box.task(Caption.of(task), task.needs().size());
                boxes.put(task.id(), box);
                row.add(box);
            }
            rows.add(row);
        }
        layers.all().forEach(layer -> layer.forEach(task -> tie(task, pipeline, layers, boxes)));
        for (int i = 0; i < SWEEPS; i++) {
            order(i % 2 == 0);
        }
        rows.forEach(Layout::pack);
        for (int i = 0; i < SWEEPS; i++) {
            align(i % 2 == 0);
        }
        int leftmost =
                rows.stream().flatMap(List::stream).mapToInt(Box::left).min().orElse(0);
        rows.forEach(row -> row.forEach(box -> box.moveTo(box.left() - leftmost)));
    }

    List<List<Box>> rows() {
        return rows;
    }

    int width() {
        return rows.stream()
                .flatMap(List::stream)
                .mapToInt(box -> box.left() + box.width())
                .max()
                .orElse(0);
    }

    /** Ties a task to its dependents; a line that passes rows is one for all of them. */
    private void tie(Task task, Pipeline pipeline, Layers layers, Map<TaskId, Box> boxes) {
        List<TaskId> dependents = new ArrayList<>(pipeline.dependents(task.id()));
        dependents.sort(Comparator.comparingInt(layers::number));
        Box from = Objects.requireNonNull(boxes.get(task.id()));
        int at = layers.number(task.id());
        for (TaskId dependent : dependents) {
            while (at + 1 < layers.number(dependent)) {
                Box passing = Box.passing();
                from.lead(passing);
                at++;
                rows.get(at).add(passing);
                from = passing;
            }
            from.lead(Objects.requireNonNull(boxes.get(dependent)));
        }
    }

    /** Orders each row by where the neighbours of its boxes stand in the row before, or after. */
    private void order(boolean downwards) {
        for (int i = 1; i < rows.size(); i++) {
            List<Box> row = rows.get(downwards ? i : rows.size() - 1 - i);
            List<Box> fixed = rows.get(downwards ? i - 1 : rows.size() - i);
            Map<Box, Integer> positions = new HashMap<>();
            fixed.forEach(box -> positions.put(box, positions.size()));
            Map<Box, Double> wanted = new HashMap<>();
            for (int j = 0; j < row.size(); j++) {
                Box box = row.get(j);
                wanted.put(
                        box,
                        (downwards ? box.above() : box.below())
                                .stream()
                                        .mapToInt(each -> positions.getOrDefault(each, 0))
                                        .average()
                                        .orElse(j));
            }
            row.sort(Comparator.comparingDouble(wanted::get));
        }
    }

    private static void pack(List<Box> row) {
        int left = 0;
        for (Box box : row) {
            box.moveTo(left);
            left += box.width() + SPACE;
        }
    }

    /** Moves each row's boxes below, or above, the middle of their neighbours, without changing their order. */
    private void align(boolean downwards) {
        for (int i = 1; i < rows.size(); i++) {
            List<Box> row = rows.get(downwards ? i : rows.size() - 1 - i);
            Function<Box, List<Box>> neighbours = downwards ? Box::above : Box::below;
            int size = row.size();
            int[] wanted = new int[size];
            for (int j = 0; j < size; j++) {
                Box box = row.get(j);
                double center = neighbours.apply(box).stream()
                        .mapToInt(Box::center)
                        .average()
                        .orElse(box.center());
                wanted[j] = (int) Math.round(center) - box.width() / 2;
            }
            int[] fromLeft = wanted.clone();
            for (int j = 1; j < size; j++) {
                fromLeft[j] =
                        Math.max(fromLeft[j], fromLeft[j - 1] + row.get(j - 1).width() + SPACE);
            }
            int[] fromRight = wanted.clone();
            for (int j = size - 2; j >= 0; j--) {
                fromRight[j] =
                        Math.min(fromRight[j], fromRight[j + 1] - row.get(j).width() - SPACE);
            }
            // Both keep the distances, and so does what lies halfway between them, rounded in one direction.
            for (int j = 0; j < size; j++) {
                row.get(j).moveTo(Math.floorDiv(fromLeft[j] + fromRight[j], 2));
            }
        }
    }
}
