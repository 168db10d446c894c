package io.millrace.pipeline.graph;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a drawing as people do: from the foot of each box along its line, and where lines cross, straight on. */
final class LineReader {
    private static final Map<Character, String> WAYS = Map.ofEntries(
            Map.entry('│', "UD"),
            Map.entry('─', "LR"),
            Map.entry('┌', "DR"),
            Map.entry('┐', "DL"),
            Map.entry('└', "UR"),
            Map.entry('┘', "UL"),
            Map.entry('├', "UDR"),
            Map.entry('┤', "UDL"),
            Map.entry('┬', "DLR"),
            Map.entry('┴', "ULR"),
            Map.entry('┼', "UDLR"));

    private record Step(int x, int y, char way) {}

    private LineReader() {}

    /** Each line as {@code from -> to}. */
    static Set<String> edges(List<String> drawing) {
        Set<String> edges = new HashSet<>();
        for (int y = 0; y < drawing.size(); y++) {
            for (int x = 0; x < drawing.get(y).length(); x++) {
                boolean foot =
                        at(drawing, x, y) == '┬' && "─└".indexOf(at(drawing, x - 1, y)) >= 0 && isFoot(drawing, x, y);
                if (foot) {
                    String from = nameAbove(drawing, x, y);
                    targets(drawing, x, y).forEach(to -> edges.add(from + " -> " + to));
                }
            }
        }
        return edges;
    }

    /** A foot of a box has the box's corners at the ends of its line. */
    private static boolean isFoot(List<String> drawing, int x, int y) {
        int left = x - 1;
        while (at(drawing, left, y) == '─') {
            left--;
        }
        int right = x + 1;
        while (at(drawing, right, y) == '─') {
            right++;
        }
        return at(drawing, left, y) == '└'
                && at(drawing, right, y) == '┘'
                && at(drawing, left, y - 1) == '│'
                && at(drawing, right, y - 1) == '│'
                && !nameAbove(drawing, x, y).isEmpty();
    }

    private static String nameAbove(List<String> drawing, int x, int y) {
        int left = x;
        while (left > 0 && at(drawing, left, y) != '└') {
            left--;
        }
        return word(drawing, left + 2, y - 2);
    }

    private static Set<String> targets(List<String> drawing, int x, int y) {
        Set<String> targets = new HashSet<>();
        Set<Step> seen = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>();
        open.add(new Step(x, y + 1, 'D'));
        while (!open.isEmpty()) {
            Step step = open.remove();
            if (!seen.add(step)) {
                continue;
            }
            char c = at(drawing, step.x(), step.y());
            if (c == '▼') {
                int left = step.x();
                while (at(drawing, left, step.y() + 1) != '┌') {
                    left--;
                }
                targets.add(word(drawing, left + 2, step.y() + 2));
                continue;
            }
            String ways = WAYS.getOrDefault(c, "");
            boolean level = step.way() == 'L' || step.way() == 'R';
            if (c == '│' && level) {
                ways = "LR"; // It passes below the line that it meets.
            }
            for (char way : ways.toCharArray()) {
                if (way != opposite(step.way())) {
                    open.add(next(step, way));
                }
            }
        }
        return targets;
    }

    private static Step next(Step step, char way) {
        return switch (way) {
            case 'U' -> new Step(step.x(), step.y() - 1, way);
            case 'D' -> new Step(step.x(), step.y() + 1, way);
            case 'L' -> new Step(step.x() - 1, step.y(), way);
            default -> new Step(step.x() + 1, step.y(), way);
        };
    }

    private static char opposite(char way) {
        return "UDRL".charAt("DULR".indexOf(way));
    }

    private static String word(List<String> drawing, int x, int y) {
        StringBuilder word = new StringBuilder();
        for (int at = x; Character.isLetterOrDigit(at(drawing, at, y)) || at(drawing, at, y) == '_'; at++) {
            word.append(at(drawing, at, y));
        }
        return word.toString();
    }

    private static char at(List<String> drawing, int x, int y) {
        if (y < 0 || y >= drawing.size() || x < 0 || x >= drawing.get(y).length()) {
            return ' ';
        }
        return drawing.get(y).charAt(x);
    }
}
