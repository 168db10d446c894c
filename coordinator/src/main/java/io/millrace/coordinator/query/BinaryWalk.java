package io.millrace.coordinator.query;

import java.util.List;
import org.apache.avro.Schema;

/**
 * Steps over values in Avro's binary encoding without making anything of them. It is no less strict than Avro's decoder: what it
 * stepped over can be decoded.
 *
 * <p><b>Threading.</b> Not thread-safe; the steps that {@link #step} makes are, each with a walk of its own.
 */
final class BinaryWalk {
    private static final int MOST_INT_BYTES = 5;

    private byte[] bytes = new byte[0];
    private int position;

    /** Steps over one value of a schema. */
    interface Step {
        void over(BinaryWalk walk) throws DamagedValueException;
    }

    /** The bytes are not such a value. Without a stack trace: whoever asks looks at them more closely. */
    static final class DamagedValueException extends Exception {
        private static final long serialVersionUID = 1L;

        private DamagedValueException() {
            super("the bytes are no value of the schema", null, false, false);
        }
    }

    /** Goes to a place in these bytes, which must not change meanwhile. */
    void begin(byte[] newBytes, int from) {
        bytes = newBytes;
        position = from;
    }

    int position() {
        return position;
    }

    boolean isAtEnd() {
        return position == bytes.length;
    }

    /**
     * How values of a schema are stepped over.
     *
     * @throws IllegalArgumentException when it has a type that no event has
     */
    static Step step(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case UNION -> union(schema);
            case ARRAY -> array(step(schema.getElementType()));
            case ENUM -> {
                int symbols = schema.getEnumSymbols().size();
                yield walk -> walk.readIndex(symbols);
            }
            case STRING, BYTES -> BinaryWalk::readLength;
            case INT -> BinaryWalk::readInt;
            case LONG -> BinaryWalk::readLong;
            case DOUBLE -> walk -> walk.skip(Double.BYTES);
            case BOOLEAN -> walk -> walk.skip(1);
            case NULL -> walk -> {};
            case FLOAT, MAP, FIXED -> throw new IllegalArgumentException("no event has a " + schema.getType());
        };
    }

    private static Step record(Schema schema) {
        Step[] fields =
                schema.getFields().stream().map(field -> step(field.schema())).toArray(Step[]::new);
        return walk -> {
            for (Step field : fields) {
                field.over(walk);
            }
        };
    }

    private static Step union(Schema schema) {
        List<Schema> types = schema.getTypes();
        Step[] branches = types.stream().map(BinaryWalk::step).toArray(Step[]::new);
        return walk -> branches[walk.readIndex(branches.length)].over(walk);
    }

    /** A block that says its length in bytes is allowed and rare: nobody of ours writes one, and it counts as damaged here. */
    private static Step array(Step element) {
        return walk -> {
            for (long left = walk.readCount(); left > 0; left = walk.readCount()) {
                for (; left > 0; left--) {
                    element.over(walk);
                }
            }
        };
    }

    /** Elements take a byte each at least, so that no count makes a walk longer than its bytes. */
    private long readCount() throws DamagedValueException {
        long count = readLong();
        if (count < 0 || count > bytes.length - position) {
            throw new DamagedValueException();
        }
        return count;
    }

    /** Steps over a text or bytes, which end at {@link #position}. Answers the length. */
    int readLength() throws DamagedValueException {
        long length = readLong();
        if (length < 0 || length > bytes.length - position) {
            throw new DamagedValueException();
        }
        position += (int) length;
        return (int) length;
    }

    /** The number of a branch or a symbol, of so many. */
    int readIndex(int count) throws DamagedValueException {
        int index = readInt();
        if (index < 0 || index >= count) {
            throw new DamagedValueException();
        }
        return index;
    }

    int readInt() throws DamagedValueException {
        int from = position;
        long number = readLong();
        if (number != (int) number || position - from > MOST_INT_BYTES) {
            throw new DamagedValueException();
        }
        return (int) number;
    }

    long readLong() throws DamagedValueException {
        long bits = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position >= bytes.length) {
                throw new DamagedValueException();
            }
            byte next = bytes[position++];
            bits |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new DamagedValueException();
    }

    private void skip(int length) throws DamagedValueException {
        if (length > bytes.length - position) {
            throw new DamagedValueException();
        }
        position += length;
    }
}
