package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.util.Optional;

/**
 * An entry of the audit log on its way into the database: the bytes that are kept, and what has to be known of them.
 *
 * @param bytes hold the event in Avro's binary encoding, of this version's schema, up to their end; nobody changes them
 * @param from where it begins in them
 * @param event the event itself, where it concerns the run as a whole
 */
record LoggedEvent(EventOutline outline, byte[] bytes, int from, int partition, long offset, Optional<RunEvent> event) {

    static LoggedEvent of(RecordedEvent recorded, SingleObjectEncoder<RunEvent> encoder) {
        RunEvent event = recorded.event();
        EventOutline outline = EventOutline.of(event);
        return new LoggedEvent(
                outline,
                encoder.encode(event),
                encoder.header().length,
                recorded.partition(),
                recorded.offset(),
                Optional.of(event).filter(known -> outline.concernsRun()));
    }
}
