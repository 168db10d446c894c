package io.millrace.schemas.wire;

import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what any version of the schema wrote. How a writer's schema maps to ours is worked out once an id.
 *
 * <p><em>Threading:</em> a reader is built by one thread and keeps no state between calls.
 */
final class ResolvingDecoder<T extends SpecificRecord> implements Decoder<T> {
    private final SpecificData model;
    private final Schema schema;
    private final ValueReader values;
    private final String layout;
    private final ConcurrentMap<Integer, Reading<T>> readings = new ConcurrentHashMap<>();

    /** How values of one writer's schema are read, and whether it lays them out as ours does. */
    private record Reading<T>(DatumReader<T> reader, boolean ownLayout) {}

    ResolvingDecoder(Class<T> type, SchemaRegistryClient registry) {
        model = SpecificData.getForClass(type);
        schema = model.getSchema(type);
        values = new ValueReader("not a " + schema.getName(), registry);
        layout = SchemaNormalization.toParsingForm(schema);
    }

    @Override
    public T decode(byte @Nullable [] bytes) throws UndecodableException {
        var reading = reading(bytes);
        return values.read(reading.reader(), Objects.requireNonNull(bytes));
    }

    @Override
    public boolean hasOwnLayout(byte @Nullable [] bytes) throws UndecodableException {
        return reading(bytes).ownLayout();
    }

    private Reading<T> reading(byte @Nullable [] bytes) throws UndecodableException {
        var id = values.schemaId(bytes);
        var known = readings.get(id);
        if (known != null) {
            return known;
        }
        var reading = newReading(id);
        readings.put(id, reading);
        return reading;
    }

    private Reading<T> newReading(int id) throws UndecodableException {
        var writer = values.schema(id);
        if (writer.getType() != Schema.Type.RECORD || !writer.getFullName().equals(schema.getFullName())) {
            throw values.undecodable("its schema, " + id + ", is " + writer.getFullName(), null);
        }
        try {
            // Avro's own cache of readers is not safe while two threads fill it: each reader gets a builder of its own.
            DatumReader<T> reader = new FastReaderBuilder(model).createDatumReader(writer, schema);
            return new Reading<>(
                    reader, SchemaNormalization.toParsingForm(writer).equals(layout));
        } catch (IOException | AvroRuntimeException e) {
            throw values.undecodable("its schema, " + id + ", cannot be read as ours: " + e.getMessage(), e);
        }
    }
}
