package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.query.RecordedEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro records as the API shows them: the fields by their names in the schema, enum constants in lower case, moments in
 * ISO 8601, and JSON that is kept as text as the JSON that it is. So whoever knows the topics knows the answers.
 */
final class EventJson {
    private static final Set<String> HOLDING_JSON = Set.of("inputs", "output");

    private EventJson() {}

    static ObjectNode of(RecordedEvent recorded, String topic) {
        ObjectNode body = record(recorded.event());
        body.putObject("position")
                .put("topic", topic)
                .put("partition", recorded.partition())
                .put("offset", recorded.offset());
        return body;
    }

    static ObjectNode record(IndexedRecord record) {
        ObjectNode body = JsonText.object();
        for (Schema.Field field : record.getSchema().getFields()) {
            body.set(field.name(), value(field.name(), record.get(field.pos())));
        }
        return body;
    }

    private static JsonNode value(String name, @Nullable Object value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof IndexedRecord nested) {
            return record(nested);
        }
        if (value instanceof Enum<?> constant) {
            return JsonNodeFactory.instance.textNode(JsonText.lower(constant));
        }
        if (value instanceof Instant at) {
            return JsonNodeFactory.instance.textNode(JsonText.moment(at));
        }
        if (value instanceof Collection<?> items) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> list.add(value("", item)));
            return list;
        }
        if (value instanceof CharSequence text) {
            return HOLDING_JSON.contains(name)
                    ? JsonText.stored(text.toString())
                    : JsonNodeFactory.instance.textNode(text.toString());
        }
        // What is left in these schemas is numbers and booleans.
        return JsonText.valueOf(value);
    }
}
