package io.millrace.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.embedded.registry.Change.IdsUsed;
import io.millrace.embedded.registry.Change.LevelSet;
import io.millrace.embedded.registry.Change.SubjectDeleted;
import io.millrace.embedded.registry.Change.VersionPut;
import io.millrace.embedded.registry.Change.VersionRemoved;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Changes as records in the layout of Confluent's registry: JSON keys with {@code keytype} and {@code magic}, JSON values,
 * null for what is gone, the members in its order since compaction compares the bytes. {@link IdsUsed} is a NOOP with a
 * value, which Confluent's registry skips.
 */
final class ChangeFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ChangeFormat() {}

    static ProducerRecord<byte[], byte[]> write(String topic, Change change) {
        if (change instanceof VersionPut put) {
            SchemaVersion version = put.version();
            ObjectNode value = JSON.createObjectNode()
                    .put("subject", version.subject())
                    .put("version", version.version())
                    .put("id", version.id())
                    .put("schema", version.schema())
                    .put("deleted", version.deleted());
            return toRecord(topic, schemaKey(version.subject(), version.version()), value);
        }
        if (change instanceof VersionRemoved removed) {
            return toRecord(topic, schemaKey(removed.subject(), removed.version()), null);
        }
        if (change instanceof SubjectDeleted deleted) {
            ObjectNode value =
                    JSON.createObjectNode().put("subject", deleted.subject()).put("version", deleted.upToVersion());
            return toRecord(
                    topic,
                    key("DELETE_SUBJECT").put("subject", deleted.subject()).put("magic", 0),
                    value);
        }
        if (change instanceof LevelSet set) {
            ObjectNode value = set.level() == null
                    ? null
                    : JSON.createObjectNode()
                            .put("subject", set.subject())
                            .put("compatibilityLevel", set.level().name());
            return toRecord(topic, key("CONFIG").put("subject", set.subject()).put("magic", 0), value);
        }
        return toRecord(
                topic,
                key("NOOP").put("magic", 0),
                JSON.createObjectNode().put("highestId", ((IdsUsed) change).highest()));
    }

    /**
     * Empty for records that mean nothing to this registry.
     *
     * @throws IOException when the bytes are not in this layout
     */
    static Optional<Change> read(byte @Nullable [] keyBytes, byte @Nullable [] valueBytes) throws IOException {
        if (keyBytes == null) {
            throw new IOException("the key is missing");
        }
        JsonNode key = JSON.readTree(keyBytes);
        @Nullable JsonNode value = valueBytes == null ? null : JSON.readTree(valueBytes);
        return switch (key.path("keytype").asText()) {
            case "SCHEMA" -> Optional.of(readVersion(key, value));
            case "DELETE_SUBJECT" ->
                value == null
                        ? Optional.empty()
                        : Optional.of(new SubjectDeleted(text(value, "subject"), integer(value, "version")));
            case "CONFIG" -> Optional.of(readLevel(key, value));
            case "NOOP" ->
                value == null || !value.has("highestId")
                        ? Optional.empty()
                        : Optional.of(new IdsUsed(integer(value, "highestId")));
            // MODE, CLEAR_SUBJECT and what later registries add.
            default -> Optional.empty();
        };
    }

    private static Change readVersion(JsonNode key, @Nullable JsonNode value) throws IOException {
        if (value == null) {
            return new VersionRemoved(text(key, "subject"), integer(key, "version"));
        }
        return new VersionPut(new SchemaVersion(
                text(value, "subject"),
                integer(value, "version"),
                integer(value, "id"),
                text(value, "schema"),
                value.path("deleted").asBoolean(false)));
    }

    private static Change readLevel(JsonNode key, @Nullable JsonNode value) throws IOException {
        @Nullable
        String subject = key.path("subject").isTextual() ? key.path("subject").asText() : null;
        if (value == null) {
            return new LevelSet(subject, null);
        }
        String name = text(value, "compatibilityLevel");
        return new LevelSet(
                subject,
                CompatibilityLevel.named(name).orElseThrow(() -> new IOException("no compatibility level: " + name)));
    }

    private static ObjectNode schemaKey(String subject, int version) {
        return key("SCHEMA").put("subject", subject).put("version", version).put("magic", 1);
    }

    private static ObjectNode key(String type) {
        return JSON.createObjectNode().put("keytype", type);
    }

    private static ProducerRecord<byte[], byte[]> toRecord(String topic, JsonNode key, @Nullable JsonNode value) {
        return new ProducerRecord<>(topic, 0, bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String text(JsonNode json, String member) throws IOException {
        if (!json.path(member).isTextual()) {
            throw new IOException("no text '" + member + "' in " + json);
        }
        return json.path(member).asText();
    }

    private static int integer(JsonNode json, String member) throws IOException {
        if (!json.path(member).canConvertToInt()) {
            throw new IOException("no number '" + member + "' in " + json);
        }
        return json.path(member).asInt();
    }
}
