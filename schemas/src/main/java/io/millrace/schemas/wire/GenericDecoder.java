package io.millrace.schemas.wire;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what others wrote in the wire format, with the schema that it was written with: nothing is known of it beforehand.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 */
public final class GenericDecoder {
    private final ValueReader values;
    private final ConcurrentMap<Integer, Reading> readings = new ConcurrentHashMap<>();

    private record Reading(Schema schema, DatumReader<Object> reader) {}

    /**
     * A value and what it is.
     *
     * @param schema the schema that it was written with
     * @param value as Avro's generic data has it, logical types not converted; null where the schema allows it
     */
    public record Datum(Schema schema, @Nullable Object value) {}

    /** @param registry is not closed by it */
    public GenericDecoder(SchemaRegistryClient registry) {
        this.values = new ValueReader("no Avro of the registry", registry);
    }

    /**
     * The value that the bytes hold. A schema id that was not seen before is asked of the registry.
     *
     * @throws UndecodableException when the bytes are not in the wire format, or not what their schema says, and never will be
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away: the same bytes may be decoded later
     * @throws RegistryException when the registry refuses to answer us, for example for a wrong password
     */
    public Datum decode(byte[] bytes) throws UndecodableException {
        Reading reading = reading(values.schemaId(bytes));
        return new Datum(reading.schema(), values.read(reading.reader(), bytes));
    }

    private Reading reading(int id) throws UndecodableException {
        Reading known = readings.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = values.schema(id);
        try {
            // Avro's own cache of readers is not safe while two threads fill it: each reader gets a builder of its own.
            Reading reading =
                    new Reading(schema, new FastReaderBuilder(GenericData.get()).createDatumReader(schema, schema));
            readings.put(id, reading);
            return reading;
        } catch (IOException | AvroRuntimeException e) {
            throw values.undecodable("its schema, " + id + ", cannot be read: " + e.getMessage(), e);
        }
    }
}
