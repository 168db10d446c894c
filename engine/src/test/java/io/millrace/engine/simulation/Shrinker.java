package io.millrace.engine.simulation;

import io.millrace.engine.simulation.Choices.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes the story of a failure short: leaves out blocks of choices (tasks, steps, whole pipelines), many at once where it
 * can, and then makes what is left as harmless as it can be, as long as the same rule is broken.
 */
final class Shrinker {
    private static final int MOST_WORLDS = 6_000;

    private final String rule;
    private List<Block> best = List.of();
    private int worlds;

    Shrinker(String rule) {
        this.rule = rule;
    }

    /** The pipelines and the tale of the shortest story that breaks the same rule as these choices. */
    String story(List<Block> failing) {
        best = List.copyOf(failing);
        long before;
        do {
            before = weight();
            leaveOutBlocks();
            makeHarmless();
        } while (worlds < MOST_WORLDS && weight() < before);
        return tell();
    }

    private void leaveOutBlocks() {
        for (int size = best.size() / 2; size > 0; size /= 2) {
            for (int end = best.size(); end > 0; end -= size) {
                int last = Math.min(end, best.size());
                List<Block> fewer = new ArrayList<>(best.subList(0, Math.max(0, last - size)));
                fewer.addAll(best.subList(last, best.size()));
                take(fewer);
            }
        }
    }

    private void makeHarmless() {
        for (int i = 0; i < best.size(); i++) {
            replace(i, new int[] {});
            for (int j = 0; i < best.size() && j < best.get(i).numbers().length; j++) {
                for (int value : new int[] {0, 1}) {
                    lower(i, j, value);
                }
            }
        }
    }

    private void lower(int block, int place, int value) {
        if (block < best.size()
                && place < best.get(block).numbers().length
                && best.get(block).numbers()[place] > value) {
            int[] numbers = best.get(block).numbers().clone();
            numbers[place] = value;
            replace(block, numbers);
        }
    }

    private void replace(int block, int[] numbers) {
        if (best.get(block).numbers().length > 0) {
            List<Block> changed = new ArrayList<>(best);
            changed.set(block, changed.get(block).with(numbers));
            take(changed);
        }
    }

    private void take(List<Block> candidate) {
        if (candidate.size() == best.size() && candidate.equals(best) || worlds++ >= MOST_WORLDS) {
            return;
        }
        Choices choices = Choices.of(candidate);
        Optional<Violation> violation = Simulation.violation(new World(choices, new Tale(false)));
        if (violation.isPresent() && violation.get().rule().equals(rule)) {
            // Not what was made of it: a block that was not read to its end may still be of use.
            best = candidate;
        }
    }

    private long weight() {
        long weight = 0;
        for (Block block : best) {
            weight += 1_000_000L + Arrays.stream(block.numbers()).asLongStream().sum();
        }
        return weight;
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
