package io.millrace.engine;

import org.jspecify.annotations.Nullable;

/**
 * A run's place among those of its pipeline of which only so many may be under way at a time.
 *
 * @param key what the pipeline's {@code concurrency.key} gave for the run; empty where it has none
 * @param asked the number of the run event that asked for it, so that an answer to an earlier request is told apart
 * @param grant that the run has it; null while it waits
 */
public record Slot(String key, long asked, @Nullable Grant grant) {
    /**
     * That a slot was given to a run.
     *
     * @param limit how many runs might have one then, this one included
     * @param partition of the record on the topic of admissions by which it was decided
     * @param offset of that record
     */
    public record Grant(int limit, int partition, long offset) {}

    /** Whether the run has it. */
    public boolean isHeld() {
        return grant != null;
    }

    Slot granted(Grant given) {
        return new Slot(key, asked, given);
    }
}
