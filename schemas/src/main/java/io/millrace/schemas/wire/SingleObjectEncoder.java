package io.millrace.schemas.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's single-object encoding: two marking bytes, the fingerprint of the schema, then the value. It needs no registry to be
 * read, which is what a local database asks for.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 *
 * @param <T> the type of the values
 */
public final class SingleObjectEncoder<T extends SpecificRecord> {
    private static final byte[] MARK = {(byte) 0xc3, 0x01};

    private final byte[] header;
    private final ValueWriter writer;

    /** Encodes values of a generated class with its schema. */
    public SingleObjectEncoder(Class<T> type) {
        Schema schema = SpecificData.getForClass(type).getSchema(type);
        writer = ValueWriter.of(schema);
        header = ByteBuffer.allocate(MARK.length + Long.BYTES)
                .put(MARK)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }

    /** What precedes every value; the caller's own. */
    public byte[] header() {
        return header.clone();
    }

    /** The value's bytes. @throws IllegalArgumentException when it lacks something that the schema asks for */
    public byte[] encode(T value) {
        EncodeBuffer buffer = EncodeBuffer.ofThread();
        try {
            writer.write(value, buffer.start(header));
            return buffer.finish();
        } catch (ClassCastException | NullPointerException e) {
            EncodeBuffer.discard();
            throw new IllegalArgumentException("this value cannot be encoded: " + e.getMessage(), e);
        } catch (IOException e) {
            EncodeBuffer.discard();
            throw new IllegalStateException("writing to memory failed", e);
        }
    }
}
