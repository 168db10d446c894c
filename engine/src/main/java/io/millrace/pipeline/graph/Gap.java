package io.millrace.pipeline.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The lines between two rows. Each box of the upper row has one line, which branches; each runs level on a track of its own, so that
 * lines of two boxes cross, but never lie upon each other.
 */
final class Gap {
    private static final int SPACE = 1;

    /** A line: from where it comes down, and where it goes on down. */
    private record Line(int number, int from, List<Integer> to) {
        int left() {
            return Math.min(from, to.stream().mapToInt(Integer::intValue).min().orElse(from));
        }

        int right() {
            return Math.max(from, to.stream().mapToInt(Integer::intValue).max().orElse(from));
        }

        boolean straight() {
            return left() == right();
        }

        /** Comes down where the other one goes on down: it must turn off first. */
        boolean mustBeAbove(Line other) {
            return other != this && other.to.contains(from);
        }
    }

    private final List<Line> lines = new ArrayList<>();
    private final Set<Integer> arrows = new TreeSet<>();

    private Gap() {}

    static Gap between(List<Box> upper, List<Box> lower) {
        Gap gap = new Gap();
        Set<Integer> sources = new HashSet<>();
        upper.stream().filter(box -> !box.below().isEmpty()).forEach(box -> sources.add(box.center()));
        Map<Box, Map<Box, Integer>> ports = new LinkedHashMap<>();
        for (Box target : lower) {
            Map<Box, Integer> into = ports(target, sources);
            ports.put(target, into);
            if (target.isTask()) {
                gap.arrows.addAll(into.values());
            }
        }
        for (Box source : upper) {
            if (!source.below().isEmpty()) {
                List<Integer> to = source.below().stream()
                        .map(target -> Objects.requireNonNull(ports.get(target)).get(source))
                        .toList();
                gap.lines.add(new Line(gap.lines.size(), source.center(), to));
            }
        }
        return gap;
    }

    /** Where the lines of the boxes above enter a box: from left to right, and where nobody else's line comes down. */
    private static Map<Box, Integer> ports(Box target, Set<Integer> sources) {
        List<Box> above = new ArrayList<>(target.above());
        above.sort(Comparator.comparingInt(Box::center));
        Map<Box, Integer> ports = new HashMap<>();
        int next = target.center() - (above.size() - 1);
        for (Box source : above) {
            boolean taken = target.isTask() && next != source.center() && sources.contains(next);
            ports.put(source, taken ? next + 1 : next);
            next += 2;
        }
        return ports;
    }

    /** Whether lines would lie upon each other: where one comes down another goes on down, and neither can turn off first. */
    boolean isTangled() {
        List<Line> left = new ArrayList<>(lines);
        boolean found = true;
        while (found) {
            found = left.removeIf(line -> left.stream().noneMatch(other -> other.mustBeAbove(line)));
        }
        return !left.isEmpty()
                || lines.stream()
                        .anyMatch(line -> line.straight()
                                && lines.stream().anyMatch(other -> other != line && other.to.contains(line.from)));
    }

    /** Draws the lines from this height on and answers how many rows they took. */
    int draw(Canvas canvas, int y) {
        Map<Line, Integer> tracks = tracks();
        int height = tracks.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 2;
        for (Line line : lines) {
            Integer track = tracks.get(line);
            if (track == null) {
                canvas.down(line.from(), y, y + height - 1, line.number());
                continue;
            }
            canvas.branch(line.from(), line.to(), y, y + track, y + height - 1, line.number());
        }
        arrows.forEach(x -> canvas.arrow(x, y + height - 1));
        return height;
    }

    private Map<Line, Integer> tracks() {
        List<Line> waiting = new ArrayList<>(lines);
        waiting.removeIf(Line::straight);
        waiting.sort(Comparator.comparingInt(Line::left));
        Map<Line, Integer> tracks = new LinkedHashMap<>();
        while (!waiting.isEmpty()) {
            // A gap that is not tangled has such a line always.
            Line next = waiting.stream()
                    .filter(line -> waiting.stream().noneMatch(other -> other.mustBeAbove(line)))
                    .findFirst()
                    .orElseThrow();
            waiting.remove(next);
            int track = 0;
            for (Map.Entry<Line, Integer> placed : tracks.entrySet()) {
                Line other = placed.getKey();
                if (other.mustBeAbove(next)) {
                    track = Math.max(track, placed.getValue() + 1);
                }
            }
            while (isTaken(track, next, tracks)) {
                track++;
            }
            tracks.put(next, track);
        }
        return tracks;
    }

    private static boolean isTaken(int track, Line line, Map<Line, Integer> tracks) {
        return tracks.entrySet().stream()
                .anyMatch(placed -> placed.getValue() == track
                        && placed.getKey().left() <= line.right() + SPACE
                        && line.left() <= placed.getKey().right() + SPACE);
    }
}
