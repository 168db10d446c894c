package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.schemas.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a real broker: what is asked for on the topic of run commands, exactly, whatever happens meanwhile. */
@Tag("any-jdk")
@Timeout(180)
class KafkaTriggersTest {
    private static final String TASKS = "tasks: [{id: a, shell: x}]\n";
    private static final int PARTITIONS = 3;

    private ListeningStand stand;

    @BeforeEach
    void open() throws Exception {
        stand = new ListeningStand();
    }

    @AfterEach
    void close() throws Exception {
        stand.close();
    }

    private static String pipeline(String id, String topic, String settings, String filter) {
        return """
                id: %s
                inputs: {n: any}
                triggers:
                  - id: t
                    kafka: {topic: %s%s}
                    filter: %s
                    inputs: {n: "${{ event.n }}"}
                """.formatted(id, topic, settings, filter) + TASKS;
    }

    private static String all(String id, String topic) {
        return pipeline(id, topic, ", from: earliest", "true");
    }

    private static List<String> numbers(IntStream numbers) {
        return numbers.mapToObj(n -> "{\"n\":" + n + "}").sorted().toList();
    }

    @Test
    void asksForTheRunOfEachRecordThatTheFilterKeeps() throws Exception {
        String topic = stand.create("orders", 1);
        int version =
                stand.apply(pipeline("etl", topic, ", from: earliest", "event.n >= 1000 && record.key != 'skip'"));
        RecordHeaders headers = new RecordHeaders();
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        headers.add("traceparent", trace.getBytes(UTF_8));
        stand.send(topic, "{\"n\": 999}");
        stand.send(new ProducerRecord<>(
                topic, 0, 1_772_323_200_123L, "k".getBytes(UTF_8), "{\"n\": 1000.5}".getBytes(UTF_8), headers));
        stand.send(new ProducerRecord<>(topic, 0, "skip".getBytes(UTF_8), "{\"n\": 5000}".getBytes(UTF_8)));
        stand.start("c1");
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.letters()).isEmpty();
        assertThat(stand.commands()).singleElement().satisfies(command -> {
            assertThat(command.getPipeline()).isEqualTo("etl");
            assertThat(command.getVersion()).isEqualTo(version);
            assertThat(command.getInputs()).isEqualTo("{\"n\":1000.5}");
            Trigger trigger = command.getTrigger().orElseThrow();
            assertThat(trigger.getKind()).isEqualTo(TriggerKind.KAFKA);
            assertThat(trigger.getSource()).isEqualTo("etl/t");
            assertThat(trigger.getTopic()).contains(topic);
            assertThat(trigger.getPartition()).isZero();
            assertThat(trigger.getOffset()).isEqualTo(1);
            assertThat(trigger.getTriggerId()).contains("t");
            assertThat(trigger.getLogicalTime()).contains(Instant.parse("2026-03-01T00:00:00.123Z"));
            assertThat(trigger.getIdempotencyKey()).isEmpty();
            assertThat(trigger.getTraceparent().orElseThrow())
                    .startsWith(trace.substring(0, 36))
                    .isNotEqualTo(trace);
        });
    }

    @Test
    void beginsWithWhatComesAfterItWasApplied() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.start("c1");
        stand.sendNumbers(topic, 0, 30, PARTITIONS);
        // The timestamps of records are milliseconds.
        ListeningStand.await("time goes on", new Later()::hasCome);
        stand.apply(pipeline("etl", topic, "", "true"));
        stand.sendNumbers(topic, 30, 60, PARTITIONS);
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(30, 60)));
    }

    private static final class Later {
        private final Instant since = Instant.now();

        boolean hasCome() {
            return Instant.now().isAfter(since.plusMillis(5));
        }
    }

    @Test
    void findsTheSameRunByAKeyOfThePipelines() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.apply(pipeline("etl", topic, ", from: earliest, key: 'string(event.n % 2)'", "true"));
        stand.sendNumbers(topic, 0, 6, PARTITIONS);
        stand.start("c1");
        stand.awaitRead("etl", "t", topic);

        Map<String, List<String>> inputs = stand.commands("etl").stream()
                .collect(Collectors.groupingBy(
                        RunCommand::getRunId,
                        TreeMap::new,
                        Collectors.mapping(
                                command -> command.getTrigger()
                                        .orElseThrow()
                                        .getIdempotencyKey()
                                        .orElse(""),
                                Collectors.toList())));
        assertThat(inputs.values()).containsExactlyInAnyOrder(List.of("0", "0", "0"), List.of("1", "1", "1"));
    }

    @Test
    void putsAsideWhatCannotBeDealtWithAndGoesOn() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {n: integer}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest, key: event.key}
                    filter: event.n != 7
                    inputs: {n: "${{ event.n }}"}
                """.formatted(topic) + TASKS);
        stand.apply(pipeline("other", topic, ", from: earliest, format: raw", "event != null && event.endsWith('9}')")
                .replace("event.n }}", "event }}"));
        stand.send(topic, "{\"n\": 1, \"key\": \"a\"}");
        stand.send(topic, "{\"n\": ");
        stand.send(topic, null, new byte[] {(byte) 0xff, 0});
        stand.send(topic, "{\"m\": 1, \"key\": \"b\"}");
        stand.send(topic, "{\"n\": \"many\", \"key\": \"c\"}");
        stand.send(topic, "{\"n\": 5, \"key\": \"\"}");
        stand.send(topic, "{\"n\": 5}");
        stand.send(topic, "{\"n\": 7}");
        stand.send(topic, null, null);
        stand.send(topic, "{\"n\": 2, \"key\": \"z\", \"last\": 9}");
        stand.start("c1");
        stand.awaitRead("etl", "t", topic);
        stand.awaitRead("other", "t", topic);

        assertThat(stand.inputs("etl")).containsExactly("{\"n\":1}", "{\"n\":2}");
        assertThat(stand.inputs("other")).hasSize(1);
        List<DeadLetter> letters = stand.letters();
        assertThat(letters)
                .allSatisfy(letter -> {
                    assertThat(letter.getTopic()).isEqualTo(topic);
                    assertThat(letter.getMessage()).startsWith("the trigger etl/t: ");
                })
                .extracting(DeadLetter::getOffset, DeadLetter::getReason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, DeadLetterReason.UNDECODABLE),
                        org.assertj.core.groups.Tuple.tuple(2L, DeadLetterReason.UNDECODABLE),
                        org.assertj.core.groups.Tuple.tuple(3L, DeadLetterReason.INVALID_TRIGGER),
                        org.assertj.core.groups.Tuple.tuple(4L, DeadLetterReason.INVALID_INPUTS),
                        org.assertj.core.groups.Tuple.tuple(5L, DeadLetterReason.INVALID_TRIGGER),
                        org.assertj.core.groups.Tuple.tuple(6L, DeadLetterReason.INVALID_TRIGGER),
                        org.assertj.core.groups.Tuple.tuple(8L, DeadLetterReason.INVALID_TRIGGER));
        assertThat(letters.get(0).getValue().orElseThrow()).isEqualTo(ByteBuffer.wrap("{\"n\": ".getBytes(UTF_8)));
        assertThat(letters.get(1).getMessage()).endsWith("not JSON: the bytes are no UTF-8");
        assertThat(letters.get(2).getMessage()).contains("the filter: ", "there is no member `n`", "at 6:");
        assertThat(letters.get(3).getMessage()).contains("the input n must be an integer, and is the string \"many\"");
        assertThat(letters.get(4).getMessage()).contains("the key: ", "this one has 0");
    }

    @Test
    void aPipelineThatBeginsFurtherBackMakesNobodySeeRecordsTwice() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.start("c1");
        stand.apply(all("first", topic));
        stand.sendNumbers(topic, 0, 3_000, PARTITIONS);
        stand.awaitRead("first", "t", topic);
        stand.apply(pipeline("second", topic, ", from: earliest", "event.n % 3 == 1"));
        stand.sendNumbers(topic, 3_000, 4_500, PARTITIONS);
        stand.awaitRead("first", "t", topic);
        stand.awaitRead("second", "t", topic);

        assertThat(stand.inputs("first")).isEqualTo(numbers(IntStream.range(0, 4_500)));
        assertThat(stand.inputs("second"))
                .isEqualTo(numbers(IntStream.range(0, 4_500).filter(n -> n % 3 == 1)));
    }

    @Test
    void eachRecordIsJudgedByOneVersion() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.start("c1");
        stand.start("c2");
        stand.apply(pipeline("etl", topic, ", from: earliest", "event.n % 10 == 0"));
        for (int version = 1; version < 6; version++) {
            stand.sendNumbers(topic, (version - 1) * 1_000, version * 1_000, PARTITIONS);
            stand.apply(pipeline("etl", topic, ", from: earliest", "event.n % 10 == " + version));
        }
        stand.awaitRead("etl", "t", topic);

        assertJudgedOnce(stand.commands("etl"), 5_000, 10);
    }

    /** In each partition versions come one after the other, and each kept exactly what its filter keeps of its part. */
    private static void assertJudgedOnce(List<RunCommand> commands, int count, int modulus) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int here = partition;
            List<RunCommand> ordered = commands.stream()
                    .filter(command -> command.getTrigger().orElseThrow().getPartition() == here)
                    .sorted(Comparator.comparing(
                            command -> command.getTrigger().orElseThrow().getOffset()))
                    .toList();
            Map<Integer, List<Integer>> kept = new TreeMap<>();
            for (RunCommand command : ordered) {
                int n = Integer.parseInt(command.getInputs().replaceAll("\\D", ""));
                kept.computeIfAbsent(command.getVersion(), any -> new ArrayList<>())
                        .add(n);
                assertThat(n % modulus).isEqualTo(command.getVersion() - 1);
            }
            int begin = partition;
            for (Map.Entry<Integer, List<Integer>> version : kept.entrySet()) {
                List<Integer> numbers = version.getValue();
                int first = numbers.get(0);
                int last = numbers.get(numbers.size() - 1);
                assertThat(first).as("versions follow one another").isGreaterThanOrEqualTo(begin);
                assertThat(numbers)
                        .as("of version %d in partition %d", version.getKey(), partition)
                        .isEqualTo(IntStream.rangeClosed(first, last)
                                .filter(n -> n % PARTITIONS == here && n % modulus == version.getKey() - 1)
                                .boxed()
                                .toList());
                // What a version could have kept beyond its last is left to the next one: less than a period.
                begin = last;
            }
            assertThat(ordered.size()).isGreaterThan(count / PARTITIONS / modulus - 2 * kept.size());
        }
    }

    @Test
    void pausedTriggersGoOnWhereTheyStopped() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.start("c1");
        stand.apply(all("steady", topic));
        stand.apply(all("etl", topic));
        stand.sendNumbers(topic, 0, 300, PARTITIONS);
        stand.awaitRead("etl", "t", topic);
        stand.pause("etl", true);
        Map<Integer, Long> before = stand.positions("etl", "t", topic);
        ListeningStand.await("the pause is known", () -> {
            try {
                stand.sendNumbers(topic, 300, 301, PARTITIONS);
            } catch (RuntimeException e) {
                throw new AssertionError(e);
            }
            stand.awaitRead("steady", "t", topic);
            return !stand.positions("etl", "t", topic).equals(stand.positions("steady", "t", topic));
        });
        stand.sendNumbers(topic, 301, 600, PARTITIONS);
        stand.awaitRead("steady", "t", topic);
        int meanwhile = stand.inputs("etl").size();
        assertThat(before.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(300);
        assertThat(meanwhile).isLessThan(stand.inputs("steady").size());

        stand.stop("c1");
        stand.start("c2");
        stand.pause("etl", false);
        stand.awaitRead("etl", "t", topic);
        assertThat(stand.inputs("etl")).isEqualTo(stand.inputs("steady"));
    }

    @Test
    void whoIsRemovedAndAppliedAgainBeginsAnew() throws Exception {
        String topic = stand.create("orders", 1);
        stand.start("c1");
        stand.apply(all("etl", topic));
        stand.sendNumbers(topic, 0, 10, 1);
        stand.awaitRead("etl", "t", topic);
        stand.apply("id: etl\n" + TASKS);
        ListeningStand.await(
                "its positions are gone",
                () -> stand.positions("etl", "t", topic).isEmpty());
        stand.sendNumbers(topic, 10, 20, 1);
        ListeningStand.await("time goes on", new Later()::hasCome);
        stand.apply(pipeline("etl", topic, "", "true"));
        stand.sendNumbers(topic, 20, 30, 1);
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.inputs("etl"))
                .isEqualTo(numbers(IntStream.concat(IntStream.range(0, 10), IntStream.range(20, 30))));
    }

    @Test
    void coordinatorsShareThePartitionsAndComeAndGo() throws Exception {
        String topic = stand.create("orders", 6);
        stand.apply(all("etl", topic));
        stand.start("c1");
        int sent = 0;
        for (String step : List.of("+c2", "-c1", "+c3", "+c1", "-c2", "-c3")) {
            stand.sendNumbers(topic, sent, sent + 2_000, 6);
            sent += 2_000;
            if (step.startsWith("+")) {
                stand.start(step.substring(1));
            } else {
                stand.stop(step.substring(1));
            }
        }
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(0, sent)));
        assertThat(stand.commands("etl").stream().map(RunCommand::getRunId).distinct())
                .hasSize(sent);
    }

    @Test
    void whatATransactionThatIsFencedHadWrittenIsReadAgainAndCountsOnce() throws Exception {
        String topic = stand.create("orders", PARTITIONS);
        stand.apply(all("etl", topic));
        stand.start("c1");
        String transactions = stand.log().topics().listenerGroup(topic) + "@c1";
        for (int i = 0; i < 5; i++) {
            stand.sendNumbers(topic, i * 2_000, (i + 1) * 2_000, PARTITIONS);
            stand.admin()
                    .fenceProducers(List.of(transactions), new FenceProducersOptions())
                    .all()
                    .get();
        }
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(0, 10_000)));
    }

    @Test
    void topicsComeGrowGoAndComeAgain() throws Exception {
        stand.start("c1");
        stand.apply(pipeline("etl", stand.topic("late"), "", "true"));
        String topic = stand.create("late", 1);
        stand.sendNumbers(topic, 0, 10, 1);
        stand.awaitRead("etl", "t", topic);
        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(0, 10)));

        stand.enlarge(topic, PARTITIONS);
        // With a timestamp from long ago: a partition that comes later is read from its start all the same.
        for (int n = 10; n < 20; n++) {
            stand.send(new ProducerRecord<>(topic, 2, 1_000L, null, ("{\"n\": " + n + "}").getBytes(UTF_8)));
        }
        ListeningStand.await(
                "the new partitions are read",
                () -> stand.positions("etl", "t", topic).getOrDefault(2, 0L) == 10);
        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(0, 20)));

        stand.delete(topic);
        ListeningStand.await("it is deleted and can be created again", () -> {
            try {
                stand.create("late", 1);
                return true;
            } catch (Exception e) {
                return false;
            }
        });
        for (int n = 20; n < 30; n++) {
            stand.send(new ProducerRecord<>(topic, 0, 1_000L, null, ("{\"n\": " + n + "}").getBytes(UTF_8)));
        }
        ListeningStand.await("the new topic is read", () -> stand.inputs("etl").size() >= 30);
        assertThat(stand.inputs("etl")).isEqualTo(numbers(IntStream.range(0, 30)));
        assertThat(stand.commands("etl").stream().map(RunCommand::getRunId).distinct())
                .hasSize(30);
    }

    @Test
    void batchesStartOneRunForManyRecords() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {sum: integer, orders: list}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest, batch: {max: 4, within: 300ms}}
                    filter: event.n %% 2 == 0
                    inputs: {sum: "${{ size(events) }}", orders: "${{ events.map(e, e.n) }}"}
                """.formatted(topic) + TASKS);
        stand.sendNumbers(topic, 0, 20, 1);
        stand.start("c1");
        ListeningStand.await(
                "the last batch is over", () -> stand.commands("etl").size() == 3);
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.commands("etl").stream()
                        .sorted(Comparator.comparing(
                                command -> command.getTrigger().orElseThrow().getOffset()))
                        .map(RunCommand::getInputs))
                .containsExactly(
                        "{\"orders\":[0,2,4,6],\"sum\":4}",
                        "{\"orders\":[8,10,12,14],\"sum\":4}",
                        "{\"orders\":[16,18],\"sum\":2}");
    }

    @Test
    void anOpenBatchIsGatheredAnewByWhoeverComesNext() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {orders: list}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest, batch: {max: 5, within: 1h}}
                    inputs: {orders: "${{ events.map(e, e.n) }}"}
                """.formatted(topic) + TASKS);
        stand.apply(all("beside", topic));
        stand.start("c1");
        stand.sendNumbers(topic, 0, 3, 1);
        stand.awaitRead("beside", "t", topic);
        ListeningStand.await("the batch is open", () -> Map.of(0, 0L).equals(stand.positions("etl", "t", topic)));
        stand.stop("c1");
        stand.start("c2");
        stand.sendNumbers(topic, 3, 7, 1);
        ListeningStand.await("the batch is full", () -> stand.commands("etl").size() == 1);
        assertThat(stand.inputs("etl")).containsExactly("{\"orders\":[0,1,2,3,4]}");
        stand.awaitRead("beside", "t", topic);
        assertThat(stand.inputs("beside")).isEqualTo(numbers(IntStream.range(0, 7)));
        ListeningStand.await("the next batch is open", () -> Map.of(0, 5L).equals(stand.positions("etl", "t", topic)));
    }

    @Test
    void eachRecordOfABatchThatStartsNoRunIsPutAside() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {n: integer}
                triggers:
                  - id: t
                    kafka: {topic: %s, from: earliest, batch: {max: 2, within: 1h}}
                    inputs: {n: "${{ events[0].n }}"}
                """.formatted(topic) + TASKS);
        stand.send(topic, "{\"m\": 0}");
        stand.sendNumbers(topic, 1, 4, 1);
        stand.start("c1");
        ListeningStand.await(
                "both batches are over", () -> stand.commands("etl").size() == 1);

        assertThat(stand.inputs("etl")).containsExactly("{\"n\":2}");
        assertThat(stand.letters()).extracting(DeadLetter::getOffset).containsExactly(0L, 1L);
        assertThat(stand.letters().get(0).getMessage())
                .contains("in a batch of 2: the inputs: ", "there is no member `n`");
    }

    @Test
    void readsAvroOfTheRegistry() throws Exception {
        String topic = stand.create("orders", 1);
        stand.apply("""
                id: etl
                inputs: {n: integer, at: string}
                triggers:
                  - id: t
                    kafka: {topic: %s, format: avro, from: earliest}
                    filter: timestamp(event.at) > timestamp("2026-01-01T00:00:00Z")
                    inputs: {n: "${{ event.n }}", at: "${{ event.at }}"}
                """.formatted(topic) + TASKS);
        Schema schema = SchemaParser.parseSingle("""
                {"type": "record", "name": "Order", "fields": [
                  {"name": "n", "type": "int"},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}
                """);
        int id = stand.registry().register(topic + "-value", schema);
        stand.send(topic, null, avro(schema, id, 1, 1_772_323_200_000L));
        stand.send(topic, null, avro(schema, id, 2, 0));
        stand.send(topic, null, avro(schema, 2_000_000_000, 3, 1_772_323_200_000L));
        stand.send(topic, "{\"n\": 4}");
        byte[] whole = avro(schema, id, 5, 1_772_323_200_000L);
        stand.send(topic, null, java.util.Arrays.copyOf(whole, whole.length - 1));
        stand.send(topic, null, avro(schema, id, 6, 1_772_323_200_000L));
        stand.start("c1");
        stand.awaitRead("etl", "t", topic);

        assertThat(stand.inputs("etl"))
                .containsExactly(
                        "{\"at\":\"2026-03-01T00:00:00Z\",\"n\":1}", "{\"at\":\"2026-03-01T00:00:00Z\",\"n\":6}");
        Map<Long, String> letters = new HashMap<>();
        stand.letters().forEach(letter -> letters.put(letter.getOffset(), letter.getMessage()));
        assertThat(letters.keySet()).containsExactlyInAnyOrder(2L, 3L, 4L);
        assertThat(letters.get(2L)).contains("the schema registry knows no schema 2000000000");
        assertThat(letters.get(3L)).contains("the first byte is 123, not 0");
        assertThat(letters.get(4L)).contains("it is cut short");
    }

    private static byte[] avro(Schema schema, int id, int n, long at) throws Exception {
        GenericData.Record record = new GenericData.Record(schema);
        record.put("n", n);
        record.put("at", at);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(WireFormat.HEADER_BYTES)
                .put((byte) 0)
                .putInt(id)
                .array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }
}
