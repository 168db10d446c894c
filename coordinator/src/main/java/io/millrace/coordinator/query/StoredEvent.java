package io.millrace.coordinator.query;

import java.nio.ByteBuffer;

/**
 * An event as it lies in the database.
 *
 * @param key what tells it from all others, and is ordered as they are
 * @param bytes the event as {@link EventCodec} reads it
 */
record StoredEvent(byte[] key, ByteBuffer bytes) {
    /** Where it stands in the topic. */
    RecordedEvent recorded(EventCodec events) {
        return new RecordedEvent(
                events.decode(bytes.duplicate()), HistoryKeys.partitionOf(key), HistoryKeys.offsetOf(key));
    }
}
