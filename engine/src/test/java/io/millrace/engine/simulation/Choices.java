package io.millrace.engine.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * All that is random in a simulation, as one list of numbers: drawn from a seed and recorded, or read back. A list that
 * is shortened or changed is a list again and tells another story just as surely, which is how stories shrink. Behind the
 * end of the list everything is 0, and 0 is by convention the choice of which least is to be feared.
 */
final class Choices {
    /** A stretch of the list that belongs together, such as one task or one step. */
    record Span(int begin, int end) {
        int length() {
            return end - begin;
        }
    }

    private final @Nullable SplittableRandom random;
    private final List<Span> spans = new ArrayList<>();
    private int[] made;
    private int length;
    private boolean peace;

    private Choices(@Nullable SplittableRandom random, int[] made) {
        this.random = random;
        this.made = made;
    }

    /** New ones, which the seed decides. */
    static Choices ofSeed(long seed) {
        return new Choices(new SplittableRandom(seed), new int[256]);
    }

    /** Those of a list. */
    static Choices of(int[] list) {
        return new Choices(null, list.clone());
    }

    /** A number from 0 to below the bound. */
    int next(int bound) {
        if (peace) {
            return 0;
        }
        if (random == null) {
            return length < made.length ? Math.floorMod(made[length++], bound) : 0;
        }
        if (length == made.length) {
            made = Arrays.copyOf(made, 2 * length);
        }
        int choice = random.nextInt(bound);
        made[length++] = choice;
        return choice;
    }

    /** Once in so many times; never when nothing is left to choose. */
    boolean oneIn(int times) {
        return next(times) == times - 1;
    }

    /** One of these. */
    <T> T of(List<T> options) {
        return options.get(next(options.size()));
    }

    /** Where a stretch begins that belongs together. */
    int begin() {
        return length;
    }

    /** It ends here. */
    void end(int begin) {
        if (length > begin) {
            spans.add(new Span(begin, length));
        }
    }

    /** From here on everything is 0. */
    void makePeace() {
        peace = true;
    }

    /** The choices that were made. */
    int[] made() {
        return Arrays.copyOf(made, length);
    }

    List<Span> spans() {
        return spans;
    }
}
