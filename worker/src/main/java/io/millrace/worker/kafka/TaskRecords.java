package io.millrace.worker.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.schemas.registry.RegisteredSchema;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records that a {@code kafka} task sends. A text is sent as it is, null as a tombstone, any other value as JSON; with a subject, the value is Avro in
 * the wire format, by the subject's latest schema.
 *
 * <p><b>Threading:</b> any number of threads.
 */
public final class TaskRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final int HEADER_BYTES = 5;

    private final String ownPrefix;
    private final Subjects subjects;

    /** @param ownPrefix what the names of Millrace's own topics begin with: no task may write to them */
    public TaskRecords(String ownPrefix, SchemaRegistryClient registry) {
        this.ownPrefix = ownPrefix;
        this.subjects = new Subjects(registry);
    }

    /**
     * Reads them from the action of a task.
     *
     * @throws RecordFault when one of them cannot be sent
     */
    public List<ProducerRecord<byte[], byte[]>> read(String action) throws RecordFault {
        JsonNode document;
        try {
            document = JSON.readTree(action);
        } catch (JsonProcessingException e) {
            throw RecordFault.permanent("The task's action is not JSON.");
        }
        if (document == null || !document.isObject()) {
            throw RecordFault.permanent("The task's action is not a JSON object.");
        }
        JsonNode records = document.path("records");
        if (records.isMissingNode()) {
            return List.of(record(document, document));
        }
        if (!records.isArray()) {
            throw RecordFault.permanent("`records` of the kafka task is no list.");
        }
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (JsonNode each : records) {
            if (!each.isObject()) {
                throw RecordFault.permanent("Record " + (all.size() + 1) + " of the kafka task is no object.");
            }
            all.add(record(each, document));
        }
        return all;
    }

    private ProducerRecord<byte[], byte[]> record(JsonNode record, JsonNode standard) throws RecordFault {
        String topic = text(record, standard, "topic").orElse("");
        if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
            throw RecordFault.permanent("\"" + topic + "\" is no name for a topic.");
        }
        if (topic.startsWith(ownPrefix) || topic.startsWith("__")) {
            throw RecordFault.permanent("The topic '" + topic + "' is not for tasks to write to.");
        }
        JsonNode key = record.path("key");
        ProducerRecord<byte[], byte[]> made = new ProducerRecord<>(
                topic,
                partition(record),
                key.isMissingNode() || key.isNull() ? null : bytes(key),
                value(record.path("value"), text(record, standard, "avro")));
        for (Map.Entry<String, JsonNode> header : record.path("headers").properties()) {
            made.headers().add(header.getKey(), header.getValue().isNull() ? new byte[0] : bytes(header.getValue()));
        }
        return made;
    }

    private byte @Nullable [] value(JsonNode value, Optional<String> subject) throws RecordFault {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (subject.isEmpty()) {
            return bytes(value);
        }
        RegisteredSchema schema = subjects.latest(subject.get());
        byte[] encoded = AvroValue.encode(value, schema.schema());
        return ByteBuffer.allocate(HEADER_BYTES + encoded.length)
                .put((byte) 0)
                .putInt(schema.id())
                .put(encoded)
                .array();
    }

    private static @Nullable Integer partition(JsonNode record) throws RecordFault {
        JsonNode partition = record.path("partition");
        if (partition.isMissingNode() || partition.isNull()) {
            return null;
        }
        if (!partition.isIntegralNumber() || !partition.canConvertToInt() || partition.intValue() < 0) {
            throw RecordFault.permanent("The partition " + partition + " is none.");
        }
        return partition.intValue();
    }

    private static Optional<String> text(JsonNode record, JsonNode standard, String member) {
        JsonNode own = record.path(member);
        JsonNode found = own.isMissingNode() || own.isNull() ? standard.path(member) : own;
        return found.isTextual() ? Optional.of(found.textValue()) : Optional.empty();
    }

    private static byte[] bytes(JsonNode value) {
        return (value.isTextual() ? value.textValue() : value.toString()).getBytes(StandardCharsets.UTF_8);
    }
}
