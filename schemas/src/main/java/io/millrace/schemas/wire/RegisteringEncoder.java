package io.millrace.schemas.wire;

import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Encodes with the schema of the generated class, registered once.
 *
 * <p><em>Threading:</em> the writer keeps no state between calls; the buffer belongs to the thread. Two threads may both
 * register at the first call, and get the same id.
 */
final class RegisteringEncoder<T extends SpecificRecord> implements Encoder<T> {
    private static final int UNREGISTERED = -1;

    private final String subject;
    private final Schema schema;
    private final SpecificDatumWriter<T> writer;
    private final SchemaRegistryClient registry;
    private volatile int schemaId = UNREGISTERED;

    RegisteringEncoder(String subject, Class<T> type, SchemaRegistryClient registry) {
        this.subject = subject;
        this.registry = registry;
        var model = SpecificData.getForClass(type);
        model.setCustomCoders(true); // generated encoding, where the compiler offers it, instead of reflection
        schema = model.getSchema(type);
        writer = new SpecificDatumWriter<>(schema, model);
    }

    @Override
    public byte[] encode(T value) {
        var id = schemaId;
        if (id == UNREGISTERED) {
            id = registry.register(subject, schema);
            schemaId = id;
        }
        var buffer = EncodeBuffer.ofThread();
        try {
            writer.write(value, buffer.start(id));
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
