package io.millrace.coordinator.query;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which events lie where in the topic: one entry for up to {@link #MOST} that follow one another in a partition and came together,
 * under the place of the first. An entry for each event would cost as much as the events themselves.
 *
 * <p>Its bytes are the time of the youngest event as eight bytes, then for each event the length of its key as two, and its key.
 *
 * <p><b>Threading.</b> Not thread-safe; serves one batch.
 */
final class PositionEntry {
    static final int MOST = 100;

    private static final int FIRST_BYTES = 512;

    private final int partition;
    private final long firstOffset;
    private byte[] value = new byte[FIRST_BYTES];
    private int length = Long.BYTES;
    private long youngestMillis;
    private int count;

    /** An entry that begins with the event at this place. */
    PositionEntry(int partition, long firstOffset) {
        this.partition = partition;
        this.firstOffset = firstOffset;
    }

    /** @param key that of the event among the events of its run */
    void add(byte[] key, long atMillis) {
        if (value.length < length + Short.BYTES + key.length) {
            value = Arrays.copyOf(value, Math.max(2 * value.length, length + Short.BYTES + key.length));
        }
        ByteBuffer.wrap(value).position(length).putShort((short) key.length).put(key);
        length += Short.BYTES + key.length;
        youngestMillis = Math.max(youngestMillis, atMillis);
        count++;
    }

    boolean isFull() {
        return count == MOST;
    }

    byte[] key() {
        return HistoryKeys.position(partition, firstOffset);
    }

    byte[] value() {
        byte[] whole = Arrays.copyOf(value, length);
        ByteBuffer.wrap(whole).putLong(youngestMillis);
        return whole;
    }

    /** The time of the youngest event of an entry. @throws CorruptHistoryException when the bytes are none */
    static Instant youngest(byte[] value) {
        try {
            return Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong());
        } catch (BufferUnderflowException e) {
            throw new CorruptHistoryException("A place in the local history cannot be read", e);
        }
    }

    /** The keys of an entry's events from an offset on, in their order. @throws CorruptHistoryException when the bytes are none */
    static List<byte[]> keysFrom(long offset, byte[] value) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(value);
            buffer.getLong();
            List<byte[]> keys = new ArrayList<>();
            while (buffer.hasRemaining()) {
                byte[] key = new byte[Short.toUnsignedInt(buffer.getShort())];
                buffer.get(key);
                if (HistoryKeys.offsetOf(key) >= offset) {
                    keys.add(key);
                }
            }
            return keys;
        } catch (BufferUnderflowException e) {
            throw new CorruptHistoryException("A place in the local history cannot be read", e);
        }
    }
}
