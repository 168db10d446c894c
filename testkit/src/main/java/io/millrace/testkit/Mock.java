package io.millrace.testkit;

import io.millrace.pipeline.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a test says becomes of a task, attempt by attempt. An attempt that goes on with another worker counts once more. After the
 * last part nothing is known, unless that part counts for all that follow.
 *
 * @param parts what it says, in order; not empty
 */
public record Mock(List<Part> parts) {
    /** {@link Part#times} of a part that counts for all attempts that follow. */
    public static final int ALWAYS = Integer.MAX_VALUE;

    /**
     * The same for one or several attempts.
     *
     * @param outcome what becomes of such an attempt
     * @param times for how many attempts it counts, from 1
     */
    public record Part(Function<Attempt, Outcome> outcome, int times) {}

    /** Copies the list. @throws IllegalArgumentException when there is nothing in it, or a part counts for no attempt */
    public Mock {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || parts.stream().anyMatch(part -> part.times() < 1)) {
            throw new IllegalArgumentException("a mock says something, and of at least one attempt");
        }
    }

    /** What becomes of an attempt; empty when this says nothing of it. */
    Optional<Outcome> of(Attempt attempt) {
        int rest = attempt.ordinal();
        for (Part part : parts) {
            if (rest <= part.times()) {
                return Optional.of(part.outcome().apply(attempt));
            }
            rest -= part.times();
        }
        return Optional.empty();
    }

    /** How many of its parts have been used when it was asked so often. */
    int used(int asked) {
        int used = 0;
        int rest = asked;
        while (rest > 0 && used < parts.size()) {
            rest -= Math.min(rest, parts.get(used).times());
            used++;
        }
        return used;
    }

    /** What is left over of it after a run, as a sentence; empty when all of it was used. */
    Optional<String> unused(TaskId task, int asked) {
        int used = used(asked);
        if (used == parts.size()) {
            return Optional.empty();
        }
        return Optional.of(
                used == 0
                        ? "the mock of " + task + " was never used"
                        : "of the " + parts.size() + " outcomes in the mock of " + task + " only " + used
                                + (used == 1 ? " was" : " were") + " used");
    }
}
