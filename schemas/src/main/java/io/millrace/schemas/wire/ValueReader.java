package io.millrace.schemas.wire;

import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SystemLimitException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads the wire format: the header, the schema that it names, and the value behind it. Whatever is wrong with the bytes is said in one kind of exception.
 *
 * <p><em>Threading:</em> safe for any number of threads; Avro's decoder belongs to the thread.
 */
final class ValueReader {
    private static final ThreadLocal<@Nullable BinaryDecoder> DECODERS = new ThreadLocal<>();

    private final String otherwise;
    private final SchemaRegistryClient registry;

    /** @param otherwise what bytes are that cannot be read, such as {@code not a RunEvent} */
    ValueReader(String otherwise, SchemaRegistryClient registry) {
        this.otherwise = otherwise;
        this.registry = registry;
    }

    /** The schema id in the header. */
    int schemaId(byte @Nullable [] bytes) throws UndecodableException {
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
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    /** The schema with an id, asked of the registry. @throws RegistryException when the registry refuses to answer us */
    Schema schema(int id) throws UndecodableException {
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

    /** The value behind the header, all of it. */
    <T extends @Nullable Object> T read(DatumReader<T> reader, byte[] bytes) throws UndecodableException {
        int length = bytes.length - WireFormat.HEADER_BYTES;
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, WireFormat.HEADER_BYTES, length, DECODERS.get());
        DECODERS.set(decoder);
        // Elements without bytes, such as nulls, are not bounded by the length of the record: Avro counts them in a
        // scope.
        SystemLimitException.beginCollectionAllocationScope();
        try {
            T value = reader.read(null, decoder);
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

    UndecodableException undecodable(@Nullable String why, @Nullable Throwable cause) {
        return new UndecodableException(otherwise + ": " + why, cause);
    }
}
