package io.millrace.coordinator.listen;

import org.jspecify.annotations.Nullable;

/**
 * How far one trigger is in one partition.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Place {
    private final int partitions;
    private @Nullable Listener listener;
    private long next;
    private boolean following;
    private @Nullable OpenBatch batch;

    /**
     * @param next the next offset that it judges
     * @param partitions how many the topic had when the trigger began
     */
    Place(long next, int partitions) {
        this.next = next;
        this.partitions = partitions;
    }

    int partitions() {
        return partitions;
    }

    Listener listener() {
        if (listener == null) {
            throw new IllegalStateException("it is not known whose place this is");
        }
        return listener;
    }

    boolean isActive() {
        return listener != null && !listener.paused();
    }

    /** It is not known how it judges just now. */
    void hide() {
        dropBatch();
        listener = null;
    }

    /** Goes on with what is current. What another version had gathered is gathered anew. */
    void listen(Listener current) {
        boolean same = listener != null
                && listener.version().version() == current.version().version();
        if (!same || current.paused()) {
            dropBatch();
        }
        listener = current;
    }

    /** The next offset that it judges, as far as it does not {@linkplain #isFollowing() follow}. */
    long next() {
        return next;
    }

    void advance(long offset) {
        next = Math.max(next, offset);
    }

    void goBack(long offset) {
        next = offset;
    }

    boolean isFollowing() {
        return following;
    }

    void follow() {
        following = true;
    }

    /** Keeps a position of its own from now on. @param head how far those that follow are */
    void stay(long head) {
        if (following) {
            advance(head);
            following = false;
        }
    }

    @Nullable
    OpenBatch batch() {
        return batch;
    }

    void open(OpenBatch opened) {
        batch = opened;
    }

    /** The run of the batch is asked for. */
    void closeBatch() {
        batch = null;
    }

    private void dropBatch() {
        if (batch != null) {
            next = batch.first().offset();
            following = false;
            batch = null;
        }
    }

    /** The first offset of which it cannot be said yet that it has been dealt with. */
    long unsettled() {
        return batch == null ? next : batch.first().offset();
    }
}
