package io.millrace.coordinator.listen;

import io.millrace.expression.Document;
import io.millrace.schemas.wire.GenericDecoder.Datum;
import io.millrace.schemas.wire.UndecodableException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * An Avro value as a JSON value, written as people write it, and as tasks of {@code kafka} take it: no branches of unions, instants, dates and times as ISO 8601,
 * decimals as numbers (integers as far as they are such and fit), bytes as base64. A number that JSON has not, such as NaN, is its name as text.
 */
final class AvroJson {
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;

    private AvroJson() {}

    /** The JSON value. @throws UndecodableException when it nests too deeply, or holds a time that no calendar has */
    static @Nullable Object of(Datum datum) throws UndecodableException {
        try {
            return value(datum.value(), datum.schema(), 1);
        } catch (AvroRuntimeException | ArithmeticException | java.time.DateTimeException e) {
            throw new UndecodableException("no value that JSON can hold: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object value(@Nullable Object value, Schema schema, int depth)
            throws UndecodableException {
        if (value == null) {
            return null;
        }
        if (depth > Document.MAX_DEPTH) {
            throw new UndecodableException("lists and objects nest deeper than " + Document.MAX_DEPTH, null);
        }
        return switch (schema.getType()) {
            case UNION -> {
                Schema branch = schema.getTypes().get(GenericData.get().resolveUnion(schema, value));
                yield value(value, branch, depth);
            }
            case RECORD -> record((IndexedRecord) value, schema, depth);
            case MAP -> map((Map<?, ?>) value, schema.getValueType(), depth);
            case ARRAY -> list((Collection<?>) value, schema.getElementType(), depth);
            case BYTES -> bytes(bytes((ByteBuffer) value), schema);
            case FIXED -> bytes(((GenericFixed) value).bytes(), schema);
            case INT -> integer((Integer) value, schema.getLogicalType());
            case LONG -> integer((Long) value, schema.getLogicalType());
            case FLOAT, DOUBLE -> decimal(((Number) value).doubleValue());
            case BOOLEAN -> value;
            case ENUM, STRING -> value.toString();
            case NULL -> null;
        };
    }

    private static Map<String, @Nullable Object> record(IndexedRecord record, Schema schema, int depth)
            throws UndecodableException {
        Map<String, @Nullable Object> members = new TreeMap<>();
        for (Schema.Field field : schema.getFields()) {
            members.put(field.name(), value(record.get(field.pos()), field.schema(), depth + 1));
        }
        return sealed(members);
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> map, Schema values, int depth)
            throws UndecodableException {
        Map<String, @Nullable Object> members = new TreeMap<>();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            members.put(member.getKey().toString(), value(member.getValue(), values, depth + 1));
        }
        return sealed(members);
    }

    /** Not a TreeMap: that answers a key of another type with an exception. */
    private static Map<String, @Nullable Object> sealed(Map<String, @Nullable Object> sorted) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(sorted));
    }

    private static List<@Nullable Object> list(Collection<?> list, Schema elements, int depth)
            throws UndecodableException {
        List<@Nullable Object> values = new ArrayList<>(list.size());
        for (Object element : list) {
            values.add(value(element, elements, depth + 1));
        }
        return Collections.unmodifiableList(values);
    }

    private static Object bytes(byte[] bytes, Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
            return decimal(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
        }
        if (logical instanceof LogicalTypes.Duration && bytes.length == 12) {
            ByteBuffer parts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Map<String, Object> duration = new LinkedHashMap<>();
            long months = Integer.toUnsignedLong(parts.getInt());
            duration.put("days", Integer.toUnsignedLong(parts.getInt()));
            duration.put("millis", Integer.toUnsignedLong(parts.getInt()));
            duration.put("months", months);
            return Collections.unmodifiableMap(duration);
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** An integer that fits into 64 bits stays one; what a decimal cannot hold exactly is rounded. */
    private static Object decimal(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return plain.scale() <= 0 && plain.precision() - plain.scale() <= 18
                ? (Object) plain.longValueExact()
                : decimal(number.doubleValue());
    }

    private static Object decimal(double number) {
        return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }

    private static Object integer(int value, @Nullable LogicalType logical) {
        if (logical instanceof LogicalTypes.Date) {
            return LocalDate.ofEpochDay(value).toString();
        }
        return logical instanceof LogicalTypes.TimeMillis
                ? LocalTime.ofNanoOfDay(value * MICROS).toString()
                : (Object) (long) value;
    }

    private static Object integer(long value, @Nullable LogicalType logical) {
        if (logical instanceof LogicalTypes.TimestampMillis) {
            return instant(value, 1_000).toString();
        }
        if (logical instanceof LogicalTypes.TimestampMicros) {
            return instant(value, MICROS).toString();
        }
        if (logical instanceof LogicalTypes.TimestampNanos) {
            return instant(value, NANOS).toString();
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return LocalTime.ofNanoOfDay(Math.multiplyExact(value, 1_000L)).toString();
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis) {
            return local(value, 1_000);
        }
        if (logical instanceof LogicalTypes.LocalTimestampMicros) {
            return local(value, MICROS);
        }
        return logical instanceof LogicalTypes.LocalTimestampNanos ? local(value, NANOS) : (Object) value;
    }

    private static Instant instant(long value, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (NANOS / perSecond));
    }

    private static String local(long value, long perSecond) {
        return LocalDateTime.ofInstant(instant(value, perSecond), ZoneOffset.UTC)
                .toString();
    }
}
