package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Summaries as the local database holds them: the event that started the run, without its inputs, and those that
 * concerned the run as a whole since, without outputs. So a summary is folded by the same code as everything else, and no
 * second format has to be kept readable.
 */
final class SummaryCodec {
    private final EventCodec events;

    SummaryCodec(EventCodec events) {
        this.events = events;
    }

    byte[] encodeStart(RunEvent start) {
        return append(new byte[0], start);
    }

    /** The same with one more event. */
    byte[] append(byte[] encoded, RunEvent event) {
        byte[] bytes = events.encode(withoutDocuments(event));
        return ByteBuffer.allocate(encoded.length + Integer.BYTES + bytes.length)
                .put(encoded)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    /** Field by field: the event's builder would copy all that is in it. */
    private static RunEvent withoutDocuments(RunEvent event) {
        RunEvent copy = new RunEvent();
        for (Schema.Field field : RunEvent.getClassSchema().getFields()) {
            copy.put(
                    field.pos(),
                    switch (field.name()) {
                        case "inputs", "output" -> null;
                        case "dispatched" -> List.of();
                        default -> event.get(field.pos());
                    });
        }
        return copy;
    }

    Optional<RunSummary> decode(byte @Nullable [] bytes) {
        Optional<RunSummary> summary = Optional.empty();
        if (bytes == null) {
            return summary;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
            if (length < 0 || length > buffer.remaining()) {
                throw new CorruptHistoryException("A summary in the local history cannot be read");
            }
            summary = SummaryFold.next(summary, events.decode(buffer.slice(buffer.position(), length)));
            buffer.position(buffer.position() + length);
        }
        return summary;
    }
}
