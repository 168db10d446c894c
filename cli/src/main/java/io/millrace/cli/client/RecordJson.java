package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * An Avro record as JSON in the API's manner: the names of its fields, enums in lower case, moments in ISO-8601 with
 * milliseconds, members that hold JSON text as the JSON that they are, bytes in base64.
 */
public final class RecordJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter MOMENT =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final Set<String> JSON_TEXT = Set.of("inputs", "output", "payload", "action");

    private RecordJson() {}

    /** The record's fields in the order of its schema. */
    public static ObjectNode of(IndexedRecord record) {
        ObjectNode json = NODES.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            json.set(field.name(), value(field.name(), record.get(field.pos())));
        }
        return json;
    }

    private static JsonNode value(String name, @Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof IndexedRecord record) {
            return of(record);
        }
        if (value instanceof Enum<?> constant) {
            return NODES.textNode(constant.name().toLowerCase(Locale.ROOT));
        }
        if (value instanceof Instant moment) {
            return NODES.textNode(MOMENT.format(moment));
        }
        if (value instanceof ByteBuffer bytes) {
            return NODES.textNode(Base64.getEncoder().encodeToString(bytesOf(bytes)));
        }
        if (value instanceof Collection<?> items) {
            ArrayNode list = NODES.arrayNode();
            items.forEach(item -> list.add(value("", item)));
            return list;
        }
        if (value instanceof Map<?, ?> members) {
            ObjectNode object = NODES.objectNode();
            members.forEach((key, member) -> object.set(String.valueOf(key), value("", member)));
            return object;
        }
        return scalar(name, value);
    }

    private static JsonNode scalar(String name, Object value) {
        if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Long number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Double number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        String text = value.toString();
        JsonNode parsed = JSON_TEXT.contains(name) ? Json.parse(text) : NODES.missingNode();
        return parsed.isObject() ? parsed : NODES.textNode(text);
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
