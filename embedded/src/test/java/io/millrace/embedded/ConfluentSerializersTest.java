package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.PipelineFile;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our wire format and Confluent's serializers, with our registry between them. */
class ConfluentSerializersTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:15:30.123Z");

    private final URI registryUrl = TestingPlatform.shared().registryUrl();
    private final Topics topics = Topics.withPrefix(TestingPlatform.shared().uniquePrefix());
    private final SchemaRegistryClient registry = new SchemaRegistryClient(registryUrl);
    private final WireFormat format = new WireFormat(registry);
    private ConfluentSerializers confluent;

    @BeforeEach
    void load() throws Exception {
        confluent = new ConfluentSerializers(registryUrl);
    }

    @AfterEach
    void close() throws Exception {
        confluent.close();
        registry.close();
    }

    @Test
    void theyReadWhatWeWrite() throws Exception {
        byte[] bytes = format.encoder(topics.runCommands()).encode(command());
        assertThat(confluent.deserialize(topics.runCommands().name(), bytes))
                .contains("\"type\": \"START\"")
                .contains("\"run_id\": \"run-ä-1\"")
                .contains("\"idempotency_key\": \"order 7\"")
                .contains("\"reason\": null")
                .contains("\"offset\": 42");
    }

    @Test
    void weReadWhatTheyWrite() throws Exception {
        bothWays(topics.runCommands(), command());
        bothWays(
                topics.pipelines(),
                PipelineDefinition.newBuilder()
                        .setPipeline("p")
                        .setVersion(3)
                        .setSource("id: p\n# ünïcode \u2028 and \"quotes\"\n")
                        .setFiles(List.of(PipelineFile.newBuilder()
                                .setPath("a.py")
                                .setContent(ByteBuffer.wrap("print(1)".getBytes(StandardCharsets.UTF_8)))
                                .setExecutable(true)
                                .build()))
                        .setDigest("d")
                        .setAppliedAt(AT)
                        .build());
    }

    @Test
    void allOurSchemasAreTakenAndFound() {
        format.warmUp(topics.fixed());
        for (Topic<?> topic : topics.fixed()) {
            assertThat(registry.latest(topic.subject()))
                    .hasValueSatisfying(latest -> assertThat(latest.version()).isEqualTo(1));
        }
    }

    private <T extends SpecificRecord> void bothWays(Topic<T> topic, T value) throws Exception {
        byte[] ours = format.encoder(topic).encode(value);
        Schema schema = registry.schemaById(ByteBuffer.wrap(ours).getInt(1));
        byte[] theirs = confluent.serialize(topic.name(), schema.toString(), json(topic, value));
        assertThat(theirs).as("the same bytes, the same id").isEqualTo(ours);
        assertThat(format.decoder(topic).decode(theirs)).isEqualTo(value);
    }

    private static <T extends SpecificRecord> String json(Topic<T> topic, T value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JsonEncoder encoder = EncoderFactory.get().jsonEncoder(value.getSchema(), out);
        new SpecificDatumWriter<>(topic.valueType()).write(value, encoder);
        encoder.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static RunCommand command() {
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId("run-ä-1")
                .setPipeline("fraud_score")
                .setVersion(7)
                .setInputs("{\"a\":1}")
                .setTrigger(Trigger.newBuilder()
                        .setKind(TriggerKind.RECORD)
                        .setSource("shop")
                        .setIdempotencyKey("order 7")
                        .setTopic("orders")
                        .setPartition(1)
                        .setOffset(42)
                        .build())
                .setReason(null)
                .setRequestedAt(AT)
                .build();
    }
}
