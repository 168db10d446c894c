package io.millrace.worker.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a value of an Avro schema, written as people write it: no branches of unions, times and dates as ISO 8601 or as numbers, decimals as numbers or
 * texts, bytes as base64. What does not fit is refused with its place; a member that the schema does not know is refused as well, since it would be
 * lost without a word.
 */
final class AvroValue {
    private AvroValue() {}

    /** The value in Avro's binary encoding. */
    static byte[] encode(JsonNode value, Schema schema) throws RecordFault {
        Object built = build(value, schema, "value");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(schema).write(built, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static @Nullable Object build(JsonNode value, Schema schema, String place) throws RecordFault {
        LogicalType logical = schema.getLogicalType();
        switch (schema.getType()) {
            case RECORD:
                return record(value, schema, place);
            case UNION:
                return union(value, schema, place);
            case ARRAY:
                require(value.isArray(), place, "a list");
                List<Object> elements = new ArrayList<>();
                for (JsonNode element : value) {
                    elements.add(build(element, schema.getElementType(), place + "[" + elements.size() + "]"));
                }
                return elements;
            case MAP:
                require(value.isObject(), place, "an object");
                Map<String, Object> members = new LinkedHashMap<>();
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    members.put(
                            member.getKey(),
                            build(member.getValue(), schema.getValueType(), place + "." + member.getKey()));
                }
                return members;
            case ENUM:
                require(
                        value.isTextual() && schema.hasEnumSymbol(value.textValue()),
                        place,
                        "one of " + String.join(", ", schema.getEnumSymbols()));
                return new GenericData.EnumSymbol(schema, value.textValue());
            case STRING:
                require(value.isTextual(), place, "a string");
                return value.textValue();
            case BYTES:
                return logical instanceof LogicalTypes.Decimal decimal
                        ? ByteBuffer.wrap(
                                decimal(value, decimal, place).unscaledValue().toByteArray())
                        : ByteBuffer.wrap(base64(value, place));
            case FIXED:
                byte[] bytes = base64(value, place);
                require(bytes.length == schema.getFixedSize(), place, schema.getFixedSize() + " bytes in base64");
                return new GenericData.Fixed(schema, bytes);
            case INT:
                if (logical instanceof LogicalTypes.Date && value.isTextual()) {
                    return (int) date(value.textValue(), place);
                }
                require(value.isIntegralNumber() && value.canConvertToInt(), place, "an integer of 32 bits");
                return value.intValue();
            case LONG:
                if (value.isTextual() && logical != null) {
                    return instant(value.textValue(), logical, place);
                }
                require(value.isIntegralNumber() && value.canConvertToLong(), place, "an integer of 64 bits");
                return value.longValue();
            case FLOAT:
                require(value.isNumber(), place, "a number");
                return value.floatValue();
            case DOUBLE:
                require(value.isNumber(), place, "a number");
                return value.doubleValue();
            case BOOLEAN:
                require(value.isBoolean(), place, "true or false");
                return value.booleanValue();
            default:
                require(value.isNull(), place, "null");
                return null;
        }
    }

    private static GenericRecord record(JsonNode value, Schema schema, String place) throws RecordFault {
        require(value.isObject(), place, "an object");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            require(
                    schema.getField(member.getKey()) != null,
                    place + "." + member.getKey(),
                    "a member that " + schema.getName() + " has: "
                            + String.join(
                                    ", ",
                                    schema.getFields().stream()
                                            .map(Schema.Field::name)
                                            .toList()));
        }
        GenericRecord record = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            if (value.has(field.name())) {
                record.put(field.name(), build(value.path(field.name()), field.schema(), place + "." + field.name()));
            } else {
                require(field.hasDefaultValue(), place + "." + field.name(), "there, for it has no default");
                record.put(field.name(), GenericData.get().getDefaultValue(field));
            }
        }
        return record;
    }

    /** The first branch that takes the value; where only one is not null, what that one has against it. */
    private static @Nullable Object union(JsonNode value, Schema schema, String place) throws RecordFault {
        RecordFault first = null;
        for (Schema branch : schema.getTypes()) {
            if (value.isNull() == (branch.getType() == Schema.Type.NULL)) {
                try {
                    return build(value, branch, place);
                } catch (RecordFault e) {
                    first = first == null ? e : first;
                }
            }
        }
        throw first == null ? fault(place, "one of " + schema) : first;
    }

    private static BigDecimal decimal(JsonNode value, LogicalTypes.Decimal type, String place) throws RecordFault {
        try {
            return new BigDecimal(value.asText()).setScale(type.getScale(), RoundingMode.UNNECESSARY);
        } catch (ArithmeticException | NumberFormatException e) {
            throw fault(place, "a number with at most " + type.getScale() + " decimals");
        }
    }

    private static byte[] base64(JsonNode value, String place) throws RecordFault {
        require(value.isTextual(), place, "bytes in base64");
        try {
            return Base64.getDecoder().decode(value.textValue());
        } catch (IllegalArgumentException e) {
            throw fault(place, "bytes in base64");
        }
    }

    private static long date(String text, String place) throws RecordFault {
        try {
            return LocalDate.parse(text).toEpochDay();
        } catch (DateTimeParseException e) {
            throw fault(place, "a date such as 2026-11-02");
        }
    }

    private static long instant(String text, LogicalType type, String place) throws RecordFault {
        try {
            Instant instant = Instant.parse(text);
            if (type instanceof LogicalTypes.TimestampMillis) {
                return instant.toEpochMilli();
            }
            if (type instanceof LogicalTypes.TimestampMicros) {
                return Math.addExact(
                        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
            }
        } catch (DateTimeParseException e) {
            throw fault(place, "a time such as 2026-11-02T10:15:30Z");
        }
        throw fault(place, "an integer of 64 bits");
    }

    private static void require(boolean holds, String place, String expected) throws RecordFault {
        if (!holds) {
            throw fault(place, expected);
        }
    }

    private static RecordFault fault(String place, String expected) {
        return RecordFault.permanent("`" + place + "` does not fit the schema; expected " + expected + ".");
    }
}
