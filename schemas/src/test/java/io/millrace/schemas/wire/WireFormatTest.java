package io.millrace.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import io.millrace.event.FailureKind;
import io.millrace.event.LogPosition;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskFailure;
import io.millrace.event.TaskReport;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topics;
import io.millrace.schemas.registry.Patience;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.registry.TestingRegistry;
import io.millrace.state.EndedRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireFormatTest {
    private static final Topics TOPICS = Topics.standard();

    private TestingRegistry registry;
    private SchemaRegistryClient client;
    private WireFormat format;

    @BeforeEach
    void start() throws IOException {
        registry = TestingRegistry.start();
        client = new SchemaRegistryClient(registry.url());
        format = new WireFormat(client);
    }

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void readsWhatItWrote() throws UndecodableException {
        var event = aRunEvent();

        var bytes = format.encoder(TOPICS.runEvents()).encode(event);

        assertThat(format.decoder(TOPICS.runEvents()).decode(bytes)).isEqualTo(event);
    }

    @Test
    void tellsWhetherAValueIsLaidOutAsItsOwn() throws UndecodableException {
        var decoder = format.decoder(TOPICS.runEvents());
        var ours = format.encoder(TOPICS.runEvents()).encode(aRunEvent());
        var fields = new ArrayList<Schema.Field>();
        for (var field : RunEvent.getClassSchema().getFields().subList(0, 6)) {
            fields.add(new Schema.Field(field, field.schema()));
        }
        var earlier = Schema.createRecord("RunEvent", "Of an earlier version.", "io.millrace.event", false, fields);
        var theirs = WireFormat.header(client.register("earlier", earlier));

        assertThat(decoder.hasOwnLayout(ours)).isTrue();
        assertThat(decoder.hasOwnLayout(theirs)).isFalse();
        assertThatThrownBy(() -> decoder.hasOwnLayout(new byte[] {0, 0}))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("only 2");
        assertThatThrownBy(() -> decoder.hasOwnLayout(WireFormat.header(77_777)))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("77777");
    }

    @Test
    void startsWithAZeroAndTheIdOfTheTopicsSchema() {
        var bytes = format.encoder(TOPICS.runEvents()).encode(aRunEvent());

        assertThat(bytes[0]).isZero();
        var id = ByteBuffer.wrap(bytes).getInt(1);
        assertThat(client.latest("millrace.run-events-value"))
                .hasValueSatisfying(latest -> assertThat(latest.id()).isEqualTo(id));
    }

    @Test
    void registersTheSchemasOfAllTopicsWhenItIsWarmedUp() {
        format.warmUp(TOPICS.fixed());
        format.warmUp(List.of(TOPICS.tasks(QueueName.DEFAULT)));

        assertThat(client.subjects())
                .hasSize(TOPICS.fixed().size() + 1)
                .contains("millrace.pipelines-value", "millrace.tasks.default-value");
    }

    @Test
    void asksTheRegistryOnceAndNoMore() throws UndecodableException {
        var encoder = format.encoder(TOPICS.runEvents());
        var decoder = format.decoder(TOPICS.runEvents());
        for (var i = 0; i < 100; i++) {
            decoder.decode(encoder.encode(aRunEvent()));
        }

        assertThat(registry.requestCount()).isOne();
    }

    @Test
    void encodesAValueOfATopicThatIsNotInTheCatalogue() throws UndecodableException {
        var ended = EndedRun.newBuilder().setPipeline("p").setVersion(3).build();

        var bytes = format.encoder("app-ended-runs-changelog", EndedRun.class).encode(ended);

        assertThat(format.decoder(EndedRun.class).decode(bytes)).isEqualTo(ended);
        assertThat(client.subjects()).containsExactly("app-ended-runs-changelog-value");
    }

    @Test
    void refusesToEncodeAValueThatIsNotCompleteAndGoesOn() throws UndecodableException {
        var encoder = format.encoder(TOPICS.triggers());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoder.encode(new TriggerEvent()))
                .withMessageContaining("TriggerEvent cannot be encoded");

        var event = TriggerEvent.newBuilder().setPipeline("p").build();
        assertThat(format.decoder(TOPICS.triggers()).decode(encoder.encode(event)))
                .isEqualTo(event);
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        var encoder = format.encoder(TOPICS.runEvents());
        var decoder = format.decoder(TOPICS.runEvents());
        var threads = Executors.newFixedThreadPool(8);
        try {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (var thread = 0; thread < 8; thread++) {
                var run = "run-" + thread;
                tasks.add(() -> {
                    for (var i = 0; i < 2_000; i++) {
                        var event = RunEvent.newBuilder(aRunEvent())
                                .setRunId(run)
                                .setSequence(i)
                                .setInputs("x".repeat(i))
                                .build();
                        if (!decoder.decode(encoder.encode(event)).equals(event)) {
                            return false;
                        }
                    }
                    return true;
                });
            }
            for (var result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readsWhatAnOlderOrANewerVersionWrote() throws Exception {
        registry.put(50, "AVRO", """
                {"type": "record", "name": "TaskReport", "namespace": "io.millrace.event", "fields": [
                  {"name": "from_the_future", "type": {"type": "map", "values": {"type": "array", "items": "string"}}},
                  {"name": "type", "type": {"type": "enum", "name": "TaskReportType",
                    "symbols": ["SUCCEEDED", "EXPLODED"], "default": "SUCCEEDED"}},
                  {"name": "attempt", "type": "int"},
                  {"name": "run_id", "type": "string"}]}
                """);
        var writer = client.schemaById(50);
        var record = new GenericRecordBuilder(writer)
                .set("from_the_future", Map.of("a", List.of("b", "c")))
                .set("type", new GenericData.EnumSymbol(writer.getField("type").schema(), "EXPLODED"))
                .set("attempt", 4)
                .set("run_id", "r1")
                .build();

        var report = format.decoder(TOPICS.taskEvents()).decode(bytes(50, writer, record));

        assertThat(report)
                .isEqualTo(TaskReport.newBuilder().setAttempt(4).setRunId("r1").build());
        assertThat(report.getType()).hasToString("UNKNOWN");
    }

    @Test
    void saysWhyBytesAreNoRecord() {
        var decoder = format.decoder(TOPICS.runEvents());
        var valid = format.encoder(TOPICS.runEvents()).encode(aRunEvent());
        var otherRecord = format.encoder(TOPICS.taskEvents())
                .encode(TaskReport.newBuilder().build());
        registry.put(60, "JSON", "{}");
        registry.put(61, "AVRO", "\"long\"");

        refused(decoder, null, "not a RunEvent: there is no value");
        refused(decoder, new byte[0], "of the 5 bytes before the value there are only 0");
        refused(decoder, new byte[] {0, 0, 0, 1}, "of the 5 bytes before the value there are only 4");
        refused(decoder, "{\"a\": 1}".getBytes(StandardCharsets.UTF_8), "the first byte is 123, not 0");
        refused(decoder, new byte[] {0, 0, 0, 9, 9, 1}, "the schema registry knows no schema 2313");
        refused(decoder, new byte[] {0, -1, 0, 0, 0, 1}, "the schema registry knows no schema -16777216");
        refused(decoder, new byte[] {0, 0, 0, 0, 60, 1}, "of type JSON, not AVRO");
        refused(decoder, new byte[] {0, 0, 0, 0, 61, 1}, "its schema, 61, is long");
        refused(decoder, otherRecord, "is io.millrace.event.TaskReport");
        refused(decoder, Arrays.copyOf(valid, valid.length - 1), "cut short");
        refused(decoder, Arrays.copyOf(valid, 5), "cut short");
        refused(decoder, Arrays.copyOf(valid, valid.length + 1), "bytes follow its end");
    }

    @Test
    void refusesASchemaOfTheSameNameThatCannotBeReadAsOurs() {
        registry.put(
                62,
                "AVRO",
                "{\"type\":\"record\",\"name\":\"TriggerEvent\",\"namespace\":\"io.millrace.event\","
                        + "\"fields\":[{\"name\":\"pipeline\",\"type\":\"long\"}]}");

        refused(format.decoder(TOPICS.triggers()), new byte[] {0, 0, 0, 0, 62, 2}, "not a TriggerEvent: ");
    }

    @Test
    void refusesAWritersSchemaThatNestsWithoutEnd() {
        registry.put(63, "AVRO", """
                {"type": "record", "name": "TriggerEvent", "namespace": "io.millrace.event", "fields": [
                  {"name": "chain", "type": {"type": "record", "name": "Link", "fields": [
                    {"name": "next", "type": ["null", "Link"]}]}}]}
                """);
        var bytes = new byte[900_000];
        Arrays.fill(bytes, (byte) 2); // "another link follows"
        ByteBuffer.wrap(bytes).put((byte) 0).putInt(63);

        refused(format.decoder(TOPICS.triggers()), bytes, "nested too deeply");
    }

    @Test
    void refusesCountlessElementsThatTakeNoBytes() {
        registry.put(64, "AVRO", """
                {"type": "record", "name": "TriggerEvent", "namespace": "io.millrace.event", "fields": [
                  {"name": "nothings", "type": {"type": "array", "items": "null"}}]}
                """);

        refused(format.decoder(TOPICS.triggers()), bytesWithLong(64, Integer.MAX_VALUE - 10L), "not a TriggerEvent");
        refused(format.decoder(TOPICS.triggers()), bytesWithLong(64, Long.MAX_VALUE), "not a TriggerEvent");
        refused(format.decoder(TOPICS.triggers()), bytesWithLong(64, Long.MIN_VALUE), "not a TriggerEvent");
    }

    @Test
    void refusesLengthsThatAreNegativeOrLongerThanTheRecord() {
        var id = client.register("millrace.triggers-value", TriggerEvent.getClassSchema());
        var decoder = format.decoder(TOPICS.triggers());

        for (var length :
                List.of(-1L, Long.MIN_VALUE, 100L, 1L << 30, (long) Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE)) {
            refused(decoder, bytesWithLong(id, length), "not a TriggerEvent");
        }
    }

    @Test
    void doesNotCallARecordUndecodableBecauseTheRegistryIsAway() throws UndecodableException {
        var bytes = format.encoder(TOPICS.runEvents()).encode(aRunEvent());
        try (var impatient = new SchemaRegistryClient(registry.url(), Patience.STANDARD.withLimit(Duration.ZERO))) {
            var decoder = new WireFormat(impatient).decoder(TOPICS.runEvents());
            registry.failNext(1, 503, "{}");
            assertThatThrownBy(() -> decoder.decode(bytes)).isInstanceOf(RegistryUnavailableException.class);
            registry.failNext(1, 401, "{\"error_code\":401,\"message\":\"who are you?\"}");
            assertThatThrownBy(() -> decoder.decode(bytes)).isInstanceOf(RegistryException.class);

            assertThat(decoder.decode(bytes)).isEqualTo(aRunEvent());
        }
    }

    private static void refused(Decoder<?> decoder, byte @Nullable [] bytes, String why) {
        assertThatThrownBy(() -> decoder.decode(bytes))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining(why);
    }

    private static byte[] bytesWithLong(int id, long first) {
        try {
            var out = new ByteArrayOutputStream();
            out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
            var encoder = EncoderFactory.get().binaryEncoder(out, null);
            encoder.writeLong(first);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(int id, Schema schema, Object record) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static RunEvent aRunEvent() {
        return RunEvent.newBuilder()
                .setType(RunEventType.TASK_RETRIED)
                .setRunId("r1")
                .setPipeline("fraud_score")
                .setVersion(7)
                .setSequence(12)
                .setAt(Instant.parse("2026-11-22T10:15:30.123Z"))
                .setCause(Cause.newBuilder()
                        .setKind(CauseKind.RECORD)
                        .setTopic("millrace.task-events")
                        .setPartition(3)
                        .setOffset(1L << 40)
                        .build())
                .setTask("predict")
                .setAttempt(1)
                .setEpoch(2)
                .setFailure(TaskFailure.newBuilder()
                        .setKind(FailureKind.EXIT)
                        .setMessage("exit code 3 – Fehler ✗")
                        .setExitCode(3)
                        .setStderrTail(List.of("a", "b"))
                        .build())
                .setDueAt(Instant.parse("2026-11-22T10:15:35Z"))
                .setDispatched(List.of("x", "y"))
                .setLogs(LogPosition.newBuilder()
                        .setPartition(1)
                        .setFirstOffset(5)
                        .setLastOffset(9)
                        .build())
                .build();
    }
}
