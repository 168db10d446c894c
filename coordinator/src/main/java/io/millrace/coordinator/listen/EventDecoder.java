package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.EventFormat;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.GenericDecoder;
import io.millrace.schemas.wire.UndecodableException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON values, as expressions see them, of what others wrote. A record without a value is null in every format.
 *
 * <p><b>Threading:</b> safe for any number of threads; it may wait for the registry.
 */
final class EventDecoder {
    private final GenericDecoder avro;

    EventDecoder(SchemaRegistryClient registry) {
        this.avro = new GenericDecoder(registry);
    }

    /**
     * The value of a record.
     *
     * @throws UndecodableException when it is not of this format, and never will be
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away
     */
    @Nullable
    Object decode(byte @Nullable [] value, EventFormat format) throws UndecodableException {
        if (value == null) {
            return null;
        }
        return switch (format) {
            case RAW -> new String(value, UTF_8);
            case JSON -> json(value);
            case AVRO -> AvroJson.of(avro.decode(value));
        };
    }

    private static @Nullable Object json(byte[] value) throws UndecodableException {
        try {
            return Document.parseValue(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
        } catch (InvalidDocumentException e) {
            throw new UndecodableException(String.valueOf(e.getMessage()), e);
        } catch (CharacterCodingException e) {
            throw new UndecodableException("not JSON: the bytes are no UTF-8", e);
        }
    }
}
