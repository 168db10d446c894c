package io.millrace.coordinator.query;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Events of one run that follow one another and lie in the database as one entry, under the key of the first. An entry for each of them costs
 * several times as much, to write as well as to compact.
 *
 * <p>The value is {@value #MARK}, with which no single event begins, and then for each event its length as four bytes, its sequence as eight, its
 * partition as four, its offset as eight, and its bytes.
 */
final class EventGroup {
    /** More are two groups: whoever asks for one event reads all of its group. */
    static final int MOST_BYTES = 32 << 10;

    private static final byte MARK = 'g';
    private static final int BESIDE_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;

    private EventGroup() {}

    /** How much room an event takes in a group. @param header what precedes its bytes in the database */
    static int size(LoggedEvent event, byte[] header) {
        return BESIDE_BYTES + header.length + event.bytes().length - event.from();
    }

    /** How much room the value takes that holds events of so much. */
    static int size(int events) {
        return 1 + events;
    }

    static void write(List<LoggedEvent> events, byte[] header, ByteBuffer value) {
        value.put(MARK);
        for (LoggedEvent event : events) {
            int length = event.bytes().length - event.from();
            value.putInt(header.length + length)
                    .putLong(event.outline().sequence())
                    .putInt(event.partition())
                    .putLong(event.offset())
                    .put(header)
                    .put(event.bytes(), event.from(), length);
        }
    }

    /** The events of an entry, which may be one alone. @throws CorruptHistoryException when the value is neither */
    static List<StoredEvent> read(byte[] key, byte[] value) {
        if (value.length == 0 || value[0] != MARK) {
            return List.of(new StoredEvent(key, ByteBuffer.wrap(value)));
        }
        byte[] run = HistoryKeys.runOfEvent(key);
        ByteBuffer buffer = ByteBuffer.wrap(value).position(1);
        List<StoredEvent> events = new ArrayList<>();
        try {
            while (buffer.hasRemaining()) {
                int length = buffer.getInt();
                byte[] eventKey = HistoryKeys.event(run, buffer.getLong(), buffer.getInt(), buffer.getLong());
                events.add(new StoredEvent(eventKey, buffer.slice(buffer.position(), length)));
                buffer.position(buffer.position() + length);
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CorruptHistoryException("Events in the local history cannot be read", e);
        }
        return events;
    }
}
