package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.Config;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Confluent's own client, as it is in the jar of a well-known product, against the registry. */
class ConfluentClientTest {
    private static final AvroSchema FIRST = schema("{\"name\":\"id\",\"type\":\"int\"}");
    private static final AvroSchema SECOND =
            schema("{\"name\":\"id\",\"type\":\"int\"},{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}");
    private static final AvroSchema INCOMPATIBLE = schema("{\"name\":\"other\",\"type\":\"int\"}");

    private final CachedSchemaRegistryClient client = new CachedSchemaRegistryClient(
            TestingPlatform.shared().registryUrl().toString(), 100, Map.of());
    private final String subject = TestingPlatform.shared().uniquePrefix() + "value";

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    @Test
    void registersAndFinds() throws Exception {
        int id = client.register(subject, FIRST);
        assertThat(client.register(subject, FIRST, true)).isEqualTo(id);
        int id2 = client.register(subject, SECOND);
        client.reset();
        assertThat(client.getSchemaById(id)).isEqualTo(FIRST);
        assertThat(client.getSchemaBySubjectAndId(subject, id2)).isEqualTo(SECOND);
        assertThat(client.getId(subject, FIRST)).isEqualTo(id);
        assertThat(client.getVersion(subject, SECOND)).isEqualTo(2);
        assertThat(client.getAllVersions(subject)).containsExactly(1, 2);
        assertThat(client.getLatestSchemaMetadata(subject).getId()).isEqualTo(id2);
        assertThat(client.getSchemaMetadata(subject, 1).getSchema()).isEqualTo(FIRST.canonicalString());
        assertThat(client.getByVersion(subject, 1, false).getId()).isEqualTo(id);
        assertThat(client.getAllSubjects()).contains(subject);
        assertThat(client.getAllSubjectsByPrefix(subject)).containsExactly(subject);
        assertThat(client.getAllSubjectsById(id)).contains(subject);
        assertThat(client.getAllVersionsById(id)).isNotEmpty();
        assertThat(client.getSchemas(subject, false, true)).containsExactly(SECOND);
    }

    @Test
    void isToldOfIncompatibility() throws Exception {
        client.register(subject, FIRST);
        assertThat(client.testCompatibility(subject, SECOND)).isTrue();
        assertThat(client.testCompatibility(subject, INCOMPATIBLE)).isFalse();
        assertThat(client.testCompatibilityVerbose(subject, INCOMPATIBLE).toString())
                .contains("READER_FIELD_MISSING_DEFAULT_VALUE");
        assertThatThrownBy(() -> client.register(subject, INCOMPATIBLE))
                .isInstanceOfSatisfying(RestClientException.class, e -> {
                    assertThat(e.getStatus()).isEqualTo(409);
                    assertThat(e.getErrorCode()).isEqualTo(409);
                });
    }

    @Test
    void isToldWhatIsMissing() {
        assertThatThrownBy(() -> client.getSchemaById(1_999_999_999))
                .isInstanceOfSatisfying(
                        RestClientException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(40403));
        assertThatThrownBy(() -> client.getLatestSchemaMetadata(subject))
                .isInstanceOfSatisfying(
                        RestClientException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(40401));
        assertThatThrownBy(() -> client.getId(subject, FIRST))
                .isInstanceOfSatisfying(
                        RestClientException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(40401));
    }

    @Test
    void setsLevelsAndReadsTheMode() throws Exception {
        assertThat(client.getConfig(null).getCompatibilityLevel()).isEqualTo("BACKWARD");
        assertThat(client.updateConfig(subject, new Config("FULL_TRANSITIVE")).getCompatibilityLevel())
                .isEqualTo("FULL_TRANSITIVE");
        assertThat(client.getConfig(subject).getCompatibilityLevel()).isEqualTo("FULL_TRANSITIVE");
        client.deleteConfig(subject);
        assertThatThrownBy(() -> client.getConfig(subject))
                .isInstanceOfSatisfying(
                        RestClientException.class,
                        e -> assertThat(e.getErrorCode()).isEqualTo(40408));
        assertThat(client.getMode()).isEqualTo("READWRITE");
    }

    @Test
    void deletes() throws Exception {
        client.register(subject, FIRST);
        client.register(subject, SECOND);
        assertThat(client.deleteSchemaVersion(subject, "2", false)).isEqualTo(2);
        assertThat(client.deleteSubject(subject, false)).containsExactly(1);
        assertThat(client.deleteSubject(subject, true)).containsExactly(1, 2);
        assertThat(client.getAllSubjects(true)).doesNotContain(subject);
    }

    private static AvroSchema schema(String fields) {
        return new AvroSchema(
                "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[" + fields + "]}");
    }
}
