package io.millrace.schemas.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a thread encodes in, again and again.
 *
 * <p><em>Threading:</em> each thread has its own.
 */
final class EncodeBuffer extends ByteArrayOutputStream {
    /** A buffer that grew beyond this for one record is not kept for the next. */
    private static final int KEPT_BYTES = 256 * 1024;

    private static final ThreadLocal<EncodeBuffer> BUFFERS = ThreadLocal.withInitial(EncodeBuffer::new);

    private @Nullable BinaryEncoder avro;

    private EncodeBuffer() {
        super(512);
    }

    static EncodeBuffer ofThread() {
        return BUFFERS.get();
    }

    /** Forgets this thread's buffer: a failed encoding leaves bytes in it. */
    static void discard() {
        BUFFERS.remove();
    }

    /** Begins with what precedes the value. */
    BinaryEncoder start(byte[] header) {
        reset();
        write(header, 0, header.length);
        var encoder = EncoderFactory.get().binaryEncoder(this, avro);
        avro = encoder;
        return encoder;
    }

    byte[] finish() throws IOException {
        if (avro != null) {
            avro.flush();
        }
        var bytes = toByteArray();
        if (buf.length > KEPT_BYTES) {
            discard();
        }
        return bytes;
    }
}
