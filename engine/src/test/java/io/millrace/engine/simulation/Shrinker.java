package io.millrace.engine.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes the story of a failure short: leaves out tasks, steps and whatever else is a stretch of choices, then single
 * choices, then makes what is left as harmless as it can be, as long as the same rule is broken.
 */
final class Shrinker {
    private static final int MOST_WORLDS = 4_000;

    private final String rule;
    private int[] best = {};
    private List<Choices.Span> spans = List.of();
    private int worlds;

    Shrinker(String rule) {
        this.rule = rule;
    }

    /** The pipelines and the tale of the shortest story that breaks the same rule as these choices. */
    String story(Choices failing) {
        best = failing.made();
        spans = List.copyOf(failing.spans());
        int before;
        do {
            before = worlds;
            int length = best.length;
            long sum = sum();
            withoutSpans();
            withoutChunks();
            smaller();
            if (best.length == length && sum == sum()) {
                break;
            }
        } while (worlds < MOST_WORLDS && worlds > before);
        return tell();
    }

    private void withoutSpans() {
        boolean shorter = true;
        while (shorter) {
            shorter = false;
            List<Choices.Span> largest = new ArrayList<>(spans);
            largest.sort(Comparator.comparingInt(Choices.Span::length).reversed());
            for (Choices.Span span : largest) {
                if (span.end() <= best.length && without(span.begin(), span.end())) {
                    shorter = true;
                    break;
                }
            }
        }
    }

    private void withoutChunks() {
        for (int size = 8; size > 0; size /= 2) {
            for (int begin = best.length - size; begin >= 0; begin--) {
                if (begin + size <= best.length) {
                    without(begin, begin + size);
                }
            }
        }
    }

    private void smaller() {
        for (int i = 0; i < best.length; i++) {
            for (int value : new int[] {0, 1, best[i] / 2, best[i] - 1}) {
                if (i < best.length && value >= 0 && value < best[i]) {
                    int[] changed = best.clone();
                    changed[i] = value;
                    take(changed);
                }
            }
        }
    }

    private boolean without(int begin, int end) {
        int[] shorter = new int[best.length - (end - begin)];
        System.arraycopy(best, 0, shorter, 0, begin);
        System.arraycopy(best, end, shorter, begin, best.length - end);
        return take(shorter);
    }

    private boolean take(int[] candidate) {
        if (worlds++ >= MOST_WORLDS) {
            return false;
        }
        Choices choices = Choices.of(candidate);
        Optional<Violation> violation = Simulation.violation(new World(choices, new Tale(false)));
        if (violation.isEmpty() || !violation.get().rule().equals(rule)) {
            return false;
        }
        best = choices.made();
        spans = List.copyOf(choices.spans());
        return true;
    }

    private long sum() {
        return Arrays.stream(best).asLongStream().sum();
    }

    private String tell() {
        Tale tale = new Tale(true);
        World world = new World(Choices.of(best), tale);
        String problem = Simulation.violation(world)
                .map(violation -> String.valueOf(violation.getMessage()))
                .orElse("nothing is wrong any more");
        StringBuilder story = new StringBuilder();
        world.plans().forEach(plan -> story.append(plan.file()).append('\n'));
        tale.lines().forEach(line -> story.append(line).append('\n'));
        return story.append(problem).toString();
    }
}
