package io.millrace.coordinator.deadletter;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters to list.
 *
 * @param topic the topic that the record was read from
 * @param reasons any of these; empty for all
 */
public record LetterFilter(Optional<String> topic, Set<DeadLetterReason> reasons) {
    public LetterFilter {
        reasons = Set.copyOf(reasons);
    }

    boolean fits(DeadLetter letter) {
        return topic.map(letter.getTopic()::equals).orElse(true)
                && (reasons.isEmpty() || reasons.contains(letter.getReason()));
    }
}
