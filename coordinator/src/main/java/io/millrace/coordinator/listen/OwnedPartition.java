package io.millrace.coordinator.listen;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is a reader's until the group gives it to another.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class OwnedPartition {
    private final TopicPartition partition;
    private @Nullable Places places;
    private @Nullable List<Listener> listeners;
    private long fetching = -1;

    OwnedPartition(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    /** How far its triggers are; null until that is known. */
    @Nullable
    Places places() {
        return places;
    }

    /** It is known from now on how far its triggers are, and not yet who of them is current. */
    void takeUp(Places known) {
        places = known;
        listeners = null;
    }

    /** Whether these are the ones that it was told of last. */
    boolean listens(List<Listener> current) {
        return listeners == current;
    }

    void listen(List<Listener> current) {
        listeners = current;
    }

    /** The offset that the consumer reads next, for those that follow; -1 where that is not known. */
    long fetching() {
        return fetching;
    }

    void fetches(long offset) {
        fetching = offset;
    }

    /** Nothing is known of it any more. */
    void forget() {
        places = null;
        listeners = null;
        fetching = -1;
    }
}
