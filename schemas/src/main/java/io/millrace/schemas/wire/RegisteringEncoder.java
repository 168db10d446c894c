package io.millrace.schemas.wire;

import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Encodes with the schema of the generated class, registered once.
 *
 * <p><em>Threading:</em> the writer keeps no state between calls; the buffer belongs to the thread. Two threads may both
 * register at the first call, and get the same id.
 */
final class RegisteringEncoder<T extends SpecificRecord> implements Encoder<T> {
    private final String subject;
    private final Schema schema;
    private final ValueWriter writer;
    private final SchemaRegistryClient registry;
    private volatile byte @Nullable [] header;

    RegisteringEncoder(String subject, Class<T> type, SchemaRegistryClient registry) {
        this.subject = subject;
        this.registry = registry;
        schema = SpecificData.getForClass(type).getSchema(type);
        writer = ValueWriter.of(schema);
    }

    @Override
    public byte[] encode(T value) {
        var before = header;
        if (before == null) {
            before = WireFormat.header(registry.register(subject, schema));
            header = before;
        }
        var buffer = EncodeBuffer.ofThread();
        try {
            writer.write(value, buffer.start(before));
            return buffer.finish();
        } catch (AvroRuntimeException | NullPointerException | ClassCastException e) {
            EncodeBuffer.discard();
            throw new IllegalArgumentException("this " + schema.getName() + " cannot be encoded: " + e.getMessage(), e);
        } catch (IOException e) {
            EncodeBuffer.discard();
            throw new IllegalStateException("writing to memory failed", e);
        }
    }
}
