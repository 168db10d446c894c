package io.millrace.coordinator.deadletter;

import io.millrace.event.DeadLetter;

/**
 * A dead letter and where it lies.
 *
 * @param offset its own, in the one partition of `dead-letters`
 */
public record FiledLetter(DeadLetter letter, long offset) {
    /** Names the record that was put aside: its topic, partition and offset. */
    public String id() {
        return letter.getTopic() + "-" + letter.getPartition() + "-" + letter.getOffset();
    }
}
