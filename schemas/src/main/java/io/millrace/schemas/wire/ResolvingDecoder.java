package io.millrace.schemas.wire;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SystemLimitException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what any version of the schema wrote. How a writer's schema maps to ours is worked out once an id.
 *
 * <p><em>Threading:</em> a reader is built by one thread and keeps no state between calls; Avro's decoder belongs to the thread.
 */
final class ResolvingDecoder<T extends SpecificRecord> implements Decoder<T> {
    private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

    private final SpecificData model;
    private final Schema schema;
    private final SchemaRegistryClient registry;
    private final String layout;
    private final ConcurrentMap<Integer, Reading<T>> readings = new ConcurrentHashMap<>();

    /** How values of one writer's schema are read, and whether it lays them out as ours does. */
    private record Reading<T>(DatumReader<T> reader, boolean ownLayout) {}

    ResolvingDecoder(Class<T> type, SchemaRegistryClient registry) {
        this.registry = registry;
        model = SpecificData.getForClass(type);
        schema = model.getSchema(type);
        layout = SchemaNormalization.toParsingForm(schema);
    }

    @Override
    public T decode(byte @Nullable [] bytes) throws UndecodableException {
        var value = withHeader(bytes);
        return read(reading(value).reader(), value);
    }

    @Override
    public boolean hasOwnLayout(byte @Nullable [] bytes) throws UndecodableException {
        return reading(withHeader(bytes)).ownLayout();
    }

    private byte[] withHeader(byte @Nullable [] bytes) throws UndecodableException {
        if (bytes == null) {
            throw undecodable("there is no value", null);
        }
        if (bytes.length < WireFormat.HEADER_BYTES) {
            throw undecodable(
                    "of the " + WireFormat.HEADER_BYTES + " bytes before the value there are only " + bytes.length,
                    null);
        }
        if (bytes[0] != WireFormat.MAGIC) {
            throw undecodable(
                    "the first byte is " + (bytes[0] & 0xff) + ", not 0 as in the Confluent wire format", null);
        }
        return bytes;
    }

    private T read(DatumReader<T> reader, byte[] bytes) throws UndecodableException {
        var length = bytes.length - WireFormat.HEADER_BYTES;
        var decoder = DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, DECODERS.get());
        DECODERS.set(decoder);
        // Elements without bytes, such as nulls, are not bounded by the length of the record: Avro counts them in a
        // scope.
        SystemLimitException.beginCollectionAllocationScope();
        try {
            var value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw undecodable("bytes follow its end", null);
            }
            return value;
        } catch (EOFException e) {
            throw undecodable("it is cut short, or a length in it is wrong", e);
        } catch (IOException | AvroRuntimeException | UnsupportedOperationException | IndexOutOfBoundsException e) {
            throw undecodable(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        } catch (StackOverflowError e) {
            // A writer's schema may be recursive, and fields that we do not know are skipped recursively.
            throw undecodable("its values are nested too deeply", e);
        } finally {
            SystemLimitException.endCollectionAllocationScope();
        }
    }

    private Reading<T> reading(byte[] bytes) throws UndecodableException {
        var id = ByteBuffer.wrap(bytes).getInt(1);
        var known = readings.get(id);
        if (known != null) {
            return known;
        }
        var reading = newReading(id);
        readings.put(id, reading);
        return reading;
    }

    private Reading<T> newReading(int id) throws UndecodableException {
        var writer = writerSchema(id);
        if (writer.getType() != Schema.Type.RECORD || !writer.getFullName().equals(schema.getFullName())) {
            throw undecodable("its schema, " + id + ", is " + writer.getFullName(), null);
        }
        try {
            // Avro's own cache of readers is not safe while two threads fill it: each reader gets a builder of its own.
            DatumReader<T> reader = new FastReaderBuilder(model).createDatumReader(writer, schema);
            return new Reading<>(
                    reader, SchemaNormalization.toParsingForm(writer).equals(layout));
        } catch (IOException | AvroRuntimeException e) {
            throw undecodable("its schema, " + id + ", cannot be read as ours: " + e.getMessage(), e);
        }
    }

    private Schema writerSchema(int id) throws UndecodableException {
        try {
            return registry.schemaById(id);
        } catch (RegistryException e) {
            if (e.errorCode() == RegistryException.SCHEMA_NOT_FOUND) {
                throw undecodable("the schema registry knows no schema " + id, e);
            }
            if (e.status() == 200) {
                throw undecodable(e.getMessage(), e);
            }
            throw e;
        }
    }

    private UndecodableException undecodable(@Nullable String why, @Nullable Throwable cause) {
        return new UndecodableException("not a " + schema.getName() + ": " + why, cause);
    }
}
