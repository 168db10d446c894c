package io.millrace.coordinator.deadletter;

import io.millrace.event.DeadLetter;

/**
 * A dead letter and where it lies.
 *
 * @param offset its own, in the one partition of `dead-letters`
 */
public record FiledLetter(DeadLetter letter, long offset) {
    /** Names the record that was put aside, by its topic, partition and offset; and the trigger that did, where it was one that listens to a topic. */
    public String id() {
        String by = letter.getTrigger()
                .map(trigger -> "@" + trigger.replace('/', '.'))
                .orElse("");
        return letter.getTopic() + "-" + letter.getPartition() + "-" + letter.getOffset() + by;
    }

    /** The key of the letter of this id. */
    static String key(String id) {
        return id.replaceFirst("@.*", "");
    }
}
