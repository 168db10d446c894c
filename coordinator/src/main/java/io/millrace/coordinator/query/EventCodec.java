package io.millrace.coordinator.query;

import io.millrace.event.RunEvent;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.SchemaStore;

/**
 * Events as the local database holds them: Avro's single-object encoding, which names its schema by fingerprint. So the
 * database is read without the schema registry, and also by a later Millrace with another schema.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class EventCodec {
    private final SingleObjectEncoder<RunEvent> encoder = new SingleObjectEncoder<>(RunEvent.class);
    private final BinaryMessageDecoder<RunEvent> decoder;

    /** @param earlierSchemas the schemas that earlier events in the database were written with */
    EventCodec(Collection<Schema> earlierSchemas) {
        SchemaStore.Cache known = new SchemaStore.Cache();
        earlierSchemas.forEach(known::addSchema);
        known.addSchema(RunEvent.getClassSchema());
        decoder = RunEvent.createDecoder(known);
    }

    /** What tells the schema that {@link #encode} writes with from all others. */
    static long fingerprint() {
        return SchemaNormalization.parsingFingerprint64(RunEvent.getClassSchema());
    }

    /** What precedes the Avro binary encoding of an event of this version's schema; the caller's own. */
    byte[] header() {
        return encoder.header();
    }

    byte[] encode(RunEvent event) {
        return encoder.encode(event);
    }

    /** @throws CorruptHistoryException when the bytes are not what {@link #encode} wrote */
    RunEvent decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    RunEvent decode(ByteBuffer bytes) {
        try {
            return decoder.decode(bytes);
        } catch (IOException | RuntimeException e) {
            // Avro reports bytes that make no sense by all sorts of unchecked exceptions.
            throw new CorruptHistoryException("An event in the local history cannot be read", e);
        }
    }
}
