package io.millrace.engine.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * All that is random in a simulation, as one list of blocks of numbers: drawn from a seed and recorded, or read back. Each
 * task of a pipeline and each step of the world is a block of its own, so that a list from which blocks are left out, or
 * in which numbers are changed, is a list again, whose other blocks mean what they meant: that is how stories shrink.
 * Behind the end of a block everything is 0, and 0 is by convention the choice of which least is to be feared.
 */
final class Choices {
    /** A stretch of choices that belong together. @param kind what they are about */
    record Block(String kind, int[] numbers) {
        Block with(int[] changed) {
            return new Block(kind, changed);
        }
    }

    private final @Nullable SplittableRandom random;
    private final Map<String, Deque<Block>> toRead = new HashMap<>();
    private final List<Block> made = new ArrayList<>();
    private String kind = "";
    private int[] numbers = {};
    private int length;
    private boolean peace;

    private Choices(@Nullable SplittableRandom random) {
        this.random = random;
    }

    /** New ones, which the seed decides. */
    static Choices ofSeed(long seed) {
        return new Choices(new SplittableRandom(seed));
    }

    /** Those of a list. */
    static Choices of(List<Block> blocks) {
        Choices choices = new Choices(null);
        for (Block block : blocks) {
            choices.toRead
                    .computeIfAbsent(block.kind(), each -> new ArrayDeque<>())
                    .add(block);
        }
        return choices;
    }

    /** Begins another block of this kind, or says that there is none: so many times out of so many there is one. */
    boolean another(String newKind, int times, int outOf) {
        if (random != null) {
            if (random.nextInt(outOf) >= times) {
                return false;
            }
            begin(newKind, new int[16]);
            return true;
        }
        Deque<Block> blocks = toRead.get(newKind);
        if (blocks == null || blocks.isEmpty()) {
            return false;
        }
        begin(newKind, blocks.remove().numbers());
        return true;
    }

    /** Begins a block of which there is always one. */
    void begin(String newKind) {
        if (!another(newKind, 1, 1)) {
            begin(newKind, new int[] {});
        }
    }

    private void begin(String newKind, int[] newNumbers) {
        keep();
        kind = newKind;
        numbers = newNumbers;
        length = 0;
    }

    private void keep() {
        if (!kind.isEmpty()) {
            made.add(new Block(kind, Arrays.copyOf(numbers, length)));
        }
    }

    /** A number from 0 to below the bound. */
    int next(int bound) {
        if (peace) {
            return 0;
        }
        if (random == null) {
            return length < numbers.length ? Math.floorMod(numbers[length++], bound) : 0;
        }
        if (length == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * length);
        }
        int choice = random.nextInt(bound);
        numbers[length++] = choice;
        return choice;
    }

    /** Once in so many times; never when nothing is left to choose. */
    boolean oneIn(int times) {
        return next(times) == times - 1;
    }

    /** One of these. */
    <T> T oneOf(List<T> options) {
        return options.get(next(options.size()));
    }

    /** From here on everything is 0. */
    void makePeace() {
        peace = true;
    }

    /** The choices that were made. Asked for once, at the end. */
    List<Block> made() {
        keep();
        kind = "";
        return made;
    }
}
