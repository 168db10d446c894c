package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.TaskFailure;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.schemas.registry.SchemaRegistryClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks of kafka with a real broker and registry: records, outcome and claim in one transaction. */
@Tag("any-jdk")
@Timeout(120)
class KafkaTaskTest {
    private static final String SCHEMA = """
            {"type": "record", "name": "Order", "fields": [
              {"name": "id", "type": "string"},
              {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}], "default": null},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}},
              {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["OPEN", "DONE"]}, "default": "OPEN"},
              {"name": "tags", "type": {"type": "array", "items": "string"}},
              {"name": "more", "type": {"type": "map", "values": ["long", "double", "boolean"]}, "default": {}}
            ]}
            """;

    @TempDir
    Path directory;

    private Stage stage;
    private Effects effects;

    @BeforeEach
    void open() {
        stage = new Stage(directory);
        effects = new Effects(stage.access, "users-" + stage.access.topicPrefix() + "effects");
        stage.start(stage.config("w"), Map.of(), Map.of());
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private TaskReport execute(String run, String action) throws InterruptedException {
        stage.dispatch(stage.aTask(run).setKind("kafka").setAction(action.replace("TOPIC", effects.topic())));
        return stage.outcome(run);
    }

    private TaskFailure failure(String run, String action) throws InterruptedException {
        TaskReport report = execute(run, action);
        assertThat(report.getType()).isEqualTo(TaskReportType.FAILED);
        assertThat(effects.records()).isEmpty();
        return report.getFailure().orElseThrow();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void sendsTextsJsonAndTombstonesWithTheOutcome() throws InterruptedException {
        TaskReport report = execute("r1", """
                {"topic": "TOPIC", "records": [
                  {"key": "a", "partition": 0, "value": "as it is", "headers": {"source": "test", "n": 3}},
                  {"key": {"id": 1}, "value": {"b": [1, 2.5, null]}, "partition": 0},
                  {"key": "c", "partition": 0, "value": null}]}
                """);

        assertThat(report.getType()).isEqualTo(TaskReportType.SUCCEEDED);
        assertThat(report.getOutput().orElseThrow()).isEqualTo("{\"records\":3}");
        List<ConsumerRecord<byte[], byte[]>> records = effects.records();
        assertThat(records).hasSize(3);
        assertThat(text(records.get(0).value())).isEqualTo("as it is");
        assertThat(text(records.get(0).headers().lastHeader("n").value())).isEqualTo("3");
        assertThat(text(records.get(1).key())).isEqualTo("{\"id\":1}");
        assertThat(text(records.get(1).value())).isEqualTo("{\"b\":[1,2.5,null]}");
        assertThat(records.get(2).value()).isNull();
        assertThat(stage.reports.values())
                .extracting(TaskReport::getType)
                .containsExactly(TaskReportType.CLAIMED, TaskReportType.SUCCEEDED);
    }

    @Test
    void sendsAvroByTheLatestSchemaOfASubject() throws InterruptedException, IOException {
        String subject = effects.topic() + "-value";
        Schema schema = new Schema.Parser().parse(SCHEMA);
        int id;
        try (SchemaRegistryClient registry = new SchemaRegistryClient(stage.access.registryUrl())) {
            id = registry.register(subject, schema);
        }

        TaskReport report = execute("r1", """
                {"topic": "TOPIC", "avro": "%s", "value": {"id": "a1", "amount": 12.5, "at": "2026-11-02T10:15:30Z", "day": "2026-11-02",
                 "tags": ["x"], "more": {"a": 1, "b": 2.5, "c": true}}}
                """.formatted(subject));

        assertThat(report.getType()).isEqualTo(TaskReportType.SUCCEEDED);
        ByteBuffer bytes = ByteBuffer.wrap(effects.records().get(0).value());
        assertThat(bytes.get()).isZero();
        assertThat(bytes.getInt()).isEqualTo(id);
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        GenericRecord order = new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(rest, null));
        assertThat(order.get("id")).hasToString("a1");
        assertThat(order.get("state")).hasToString("OPEN");
        assertThat(order.get("at")).isEqualTo(1_793_614_530_000L);
        assertThat(order.get("day")).isEqualTo(20_759);
        assertThat(order.get("amount")).isEqualTo(ByteBuffer.wrap(new byte[] {4, (byte) 0xe2}));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": 1}|`value.id` does not fit the schema; expected a string.",
                "{\"id\": \"a\"}|`value.at` does not fit the schema; expected there, for it has no default.",
                "{\"id\": \"a\", \"att\": 1}|`value.att` does not fit the schema; expected a member that Order has",
                "{\"id\": \"a\", \"amount\": 1.234}|`value.amount` does not fit the schema; expected a number with at most 2 decimals.",
                "{\"id\": \"a\", \"at\": \"today\"}|`value.at` does not fit the schema; expected a time such as",
                "{\"id\": \"a\", \"at\": 1, \"day\": \"31.12.\"}|`value.day` does not fit the schema; expected a date such as",
                "{\"id\": \"a\", \"at\": 1, \"day\": 1, \"state\": \"LOST\"}|`value.state` does not fit the schema; expected one of OPEN, DONE.",
                "{\"id\": \"a\", \"at\": 1, \"day\": 1, \"tags\": \"x\"}|`value.tags` does not fit the schema; expected a list.",
                "[]|`value` does not fit the schema; expected an object."
            })
    void whatDoesNotFitTheSchemaSaysWhere(String value, String message) throws InterruptedException {
        String subject = effects.topic() + "-value";
        try (SchemaRegistryClient registry = new SchemaRegistryClient(stage.access.registryUrl())) {
            registry.register(subject, new Schema.Parser().parse(SCHEMA));
        }

        TaskFailure failure =
                failure("r1", "{\"topic\": \"TOPIC\", \"avro\": \"" + subject + "\", \"value\": " + value + "}");

        assertThat(failure.getMessage()).startsWith(message);
        assertThat(failure.getRetryable()).isFalse();
    }

    @Test
    void aSubjectThatDoesNotExistFailsForGood() throws InterruptedException {
        TaskFailure failure = failure("r1", "{\"topic\": \"TOPIC\", \"avro\": \"nobody\", \"value\": {}}");

        assertThat(failure.getMessage()).isEqualTo("The schema registry has no subject 'nobody'.");
        assertThat(failure.getRetryable()).isFalse();
    }

    @Test
    void ourOwnTopicsAreRefusedAndNothingIsSent() throws InterruptedException {
        for (String topic : List.of(
                stage.topics.taskEvents().name(),
                stage.topics.prefix() + "anything",
                "__consumer_offsets",
                "__transaction_state")) {
            TaskFailure failure = failure(
                    "r-" + topic.hashCode(),
                    "{\"records\": [{\"topic\": \"TOPIC\", \"value\": \"x\"}, {\"topic\": \"" + topic
                            + "\", \"value\": \"x\"}]}");

            assertThat(failure.getMessage()).isEqualTo("The topic '" + topic + "' is not for tasks to write to.");
            assertThat(failure.getRetryable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"topic\": \"no_such_topic\", \"value\": \"x\"}",
                "{\"topic\": \"TOPIC\", \"value\": \"x\", \"partition\": 99}",
                "{\"topic\": \"TOPIC\", \"value\": \"x\", \"partition\": \"one\"}",
                "{\"topic\": \"TOPIC\", \"value\": \"x\", \"partition\": -1}",
                "{\"topic\": \"a b\", \"value\": \"x\"}",
                "{\"topic\": \"..\", \"value\": \"x\"}",
                "{\"value\": \"x\"}",
                "{\"topic\": \"TOPIC\", \"records\": \"x\"}",
                "{\"topic\": \"TOPIC\", \"records\": [\"x\"]}",
                "[]",
                "no json"
            })
    void whatCannotBeSentFailsForGood(String action) throws InterruptedException {
        assertThat(failure("r1", action).getRetryable()).isFalse();
    }

    @Test
    void moreRecordsThanTheLimitFailByNameAndValueAndNoneIsSent() throws InterruptedException {
        String records = IntStream.range(0, 10_001)
                .mapToObj(i -> "{\"value\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));

        TaskFailure failure = failure("r1", "{\"topic\":\"TOPIC\",\"records\":" + records + "}");

        assertThat(failure.getMessage()).contains("more than 10000 records, the limit of a transactional task");
    }
}
