package io.millrace.schemas.wire;

import io.millrace.schemas.AvroTrust;
import io.millrace.schemas.Topic;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.util.Collection;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * The Confluent wire format: a zero byte, the schema's id as four bytes in big-endian order, then the value in Avro's binary
 * encoding. Schemas are registered under the topic's name with {@code -value}.
 *
 * <p><em>Threading:</em> safe for any number of threads, and so are its encoders and decoders; make one of each a topic.
 */
public final class WireFormat {
    /** The first byte of every value. */
    static final byte MAGIC = 0;

    /** How many bytes precede the value: the magic byte and the id. */
    public static final int HEADER_BYTES = 5;

    static {
        AvroTrust.establish();
    }

    private final SchemaRegistryClient registry;

    /**
     * The format, with the schemas of one registry.
     *
     * @param registry is not closed by it
     */
    public WireFormat(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    /** What precedes a value of the schema with this id. */
    static byte[] header(int schemaId) {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(schemaId).array();
    }

    /** An encoder that registers the topic's schema at its first use. */
    public <T extends SpecificRecord> Encoder<T> encoder(Topic<T> topic) {
        return new RegisteringEncoder<>(topic.subject(), topic.valueType(), registry);
    }

    /** An encoder for the values of a topic that is not in the catalogue, such as a changelog. */
    public <T extends SpecificRecord> Encoder<T> encoder(String topicName, Class<T> valueType) {
        return new RegisteringEncoder<>(topicName + "-value", valueType, registry);
    }

    /** A decoder of the topic's values. */
    public <T extends SpecificRecord> Decoder<T> decoder(Topic<T> topic) {
        return new ResolvingDecoder<>(topic.valueType(), registry);
    }

    /** A decoder for the values of a topic that is not in the catalogue, such as a changelog. */
    public <T extends SpecificRecord> Decoder<T> decoder(Class<T> valueType) {
        return new ResolvingDecoder<>(valueType, registry);
    }

    /**
     * Registers the schemas of the topics now, so that a registry that is away, or refuses a schema, is noticed at the start
     * and not at the first record.
     */
    public void warmUp(Collection<? extends Topic<?>> topics) {
        for (var topic : topics) {
            registry.register(
                    topic.subject(), SpecificData.getForClass(topic.valueType()).getSchema(topic.valueType()));
        }
    }
}
