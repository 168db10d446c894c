package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.SingleObjectEncoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes events from the wire as the database keeps them. The bytes of an event with our own schema are kept as they came, once
 * they were seen to be whole; one of an earlier or later Millrace is decoded, and encoded as one of ours.
 *
 * <p><b>Threading.</b> Not thread-safe; the history's thread owns it.
 */
final class EventIntake {
    private final Decoder<RunEvent> decoder;
    private final SingleObjectEncoder<RunEvent> encoder = new SingleObjectEncoder<>(RunEvent.class);
    private final OutlineReader outlines = new OutlineReader();

    EventIntake(Decoder<RunEvent> decoder) {
        this.decoder = decoder;
    }

    /** @throws UndecodableException when the value is no event and never will be; a registry that is away is thrown, too */
    LoggedEvent take(byte @Nullable [] value, int partition, long offset) throws UndecodableException {
        if (value != null && decoder.hasOwnLayout(value)) {
            Optional<EventOutline> outline = outlines.read(value, WireFormat.HEADER_BYTES);
            if (outline.isPresent()) {
                Optional<RunEvent> event =
                        outline.get().concernsRun() ? Optional.of(decoder.decode(value)) : Optional.empty();
                return new LoggedEvent(outline.get(), value, WireFormat.HEADER_BYTES, partition, offset, event);
            }
        }
        // Also what is damaged comes here: the decoder says in words what is wrong with it.
        return LoggedEvent.of(new RecordedEvent(decoder.decode(value), partition, offset), encoder);
    }
}
