package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Summaries as the local database holds them: the event that started the run, without its inputs, and the one that
 * ended it. So a summary is folded by the same code as everything else, and no second format has to be kept readable.
 */
final class SummaryCodec {
    private final EventCodec events;

    SummaryCodec(EventCodec events) {
        this.events = events;
    }

    byte[] encodeStart(RunEvent start) {
        byte[] bytes = events.encode(
                RunEvent.newBuilder(start).setInputs(null).clearDispatched().build());
        return ByteBuffer.allocate(Integer.BYTES + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    byte[] encodeEnd(byte[] encodedStart, RunEvent end) {
        byte[] bytes = events.encode(end);
        return ByteBuffer.allocate(encodedStart.length + bytes.length)
                .put(encodedStart)
                .put(bytes)
                .array();
    }

    Optional<RunSummary> decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int length = bytes.length < Integer.BYTES ? -1 : buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw new CorruptHistoryException("A summary in the local history cannot be read");
        }
        Optional<RunSummary> summary =
                SummaryFold.next(Optional.empty(), events.decode(buffer.slice(buffer.position(), length)));
        ByteBuffer end = buffer.position(buffer.position() + length).slice();
        return end.hasRemaining() ? SummaryFold.next(summary, events.decode(end)) : summary;
    }
}
