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
import org.apache.avro.SystemLimitException;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.FastReaderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what others wrote in the wire format, with the schema that it was written with: nothing is known of it beforehand.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 */
public final class GenericDecoder {
    private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

    private final SchemaRegistryClient registry;
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
        this.registry = registry;
    }

    /**
     * The value that the bytes hold. A schema id that was not seen before is asked of the registry.
     *
     * @throws UndecodableException when the bytes are not in the wire format, or not what their schema says, and never will be
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away: the same bytes may be decoded later
     * @throws RegistryException when the registry refuses to answer us, for example for a wrong password
     */
    public Datum decode(byte[] bytes) throws UndecodableException {
        if (bytes.length < WireFormat.HEADER_BYTES) {
            throw undecodable(
                    "of the " + WireFormat.HEADER_BYTES + " bytes before the value there are only " + bytes.length,
                    null);
        }
        if (bytes[0] != WireFormat.MAGIC) {
            throw undecodable(
                    "the first byte is " + (bytes[0] & 0xff) + ", not 0 as in the Confluent wire format", null);
        }
        Reading reading = reading(ByteBuffer.wrap(bytes).getInt(1));
        return new Datum(reading.schema(), read(reading.reader(), bytes));
    }

    private static @Nullable Object read(DatumReader<Object> reader, byte[] bytes) throws UndecodableException {
        int length = bytes.length - WireFormat.HEADER_BYTES;
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, DECODERS.get());
        DECODERS.set(decoder);
        // Elements without bytes, such as nulls, are not bounded by the length of the record: Avro counts them in a
        // scope.
        SystemLimitException.beginCollectionAllocationScope();
        try {
            Object value = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw undecodable("bytes follow its end", null);
            }
            return value;
        } catch (EOFException e) {
            throw undecodable("it is cut short, or a length in it is wrong", e);
        } catch (IOException | AvroRuntimeException | UnsupportedOperationException | IndexOutOfBoundsException e) {
            throw undecodable(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw undecodable("its values are nested too deeply", e);
        } finally {
            SystemLimitException.endCollectionAllocationScope();
        }
    }

    private Reading reading(int id) throws UndecodableException {
        Reading known = readings.get(id);
        if (known != null) {
            return known;
        }
        Schema schema = schema(id);
        try {
            // Avro's own cache of readers is not safe while two threads fill it: each reader gets a builder of its own.
            Reading reading =
                    new Reading(schema, new FastReaderBuilder(GenericData.get()).createDatumReader(schema, schema));
            readings.put(id, reading);
            return reading;
        } catch (IOException | AvroRuntimeException e) {
            throw undecodable("its schema, " + id + ", cannot be read: " + e.getMessage(), e);
        }
    }

    private Schema schema(int id) throws UndecodableException {
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

    private static UndecodableException undecodable(@Nullable String why, @Nullable Throwable cause) {
        return new UndecodableException("no Avro of the registry: " + why, cause);
    }
}
