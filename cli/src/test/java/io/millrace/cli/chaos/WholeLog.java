package io.millrace.cli.chaos;

import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.verify.Definitions;
import io.millrace.audit.verify.Position;
import io.millrace.audit.verify.Recorded;
import io.millrace.engine.RunId;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Every run of the audit log, in memory: for judging a cluster that has come to rest. */
final class WholeLog {
    private final Map<String, List<Recorded<RunEvent>>> runs = new HashMap<>();
    private final Definitions definitions = new Definitions();

    private WholeLog() {}

    static WholeLog read(KafkaAccess access) {
        WholeLog log = new WholeLog();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl())) {
            WireFormat wire = new WireFormat(registry);
            read(access, wire, access.topics().pipelines(), record -> log.definitions.add(record.value()));
            read(
                    access,
                    wire,
                    access.topics().runEvents(),
                    record -> log.runs
                            .computeIfAbsent(record.value().getRunId(), run -> new ArrayList<>())
                            .add(record));
        }
        return log;
    }

    private static <T extends SpecificRecord> void read(
            KafkaAccess access, WireFormat wire, Topic<T> topic, Consumer<Recorded<T>> into) {
        Decoder<T> decoder = wire.decoder(topic);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(topic.name(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    into.accept(new Recorded<>(
                            new Position(record.topic(), record.partition(), record.offset()),
                            Instant.ofEpochMilli(record.timestamp()),
                            decode(decoder, record)));
                }
            }
        }
    }

    private static <T> T decode(Decoder<T> decoder, ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.decode(record.value());
        } catch (UndecodableException e) {
            throw new AssertionError(record.topic() + "@" + record.offset(), e);
        }
    }

    /** The runs by their ids, with their numbered events. */
    List<RecordedRun> recorded() {
        List<RecordedRun> all = new ArrayList<>();
        runs.forEach((run, events) -> {
            List<Recorded<RunEvent>> numbered = events.stream()
                    .filter(event -> event.value().getSequence() > 0)
                    .toList();
            RunEvent first = numbered.get(0).value();
            all.add(new RecordedRun(
                    new RunId(run),
                    definitions.find(first.getPipeline(), first.getVersion()).orElseThrow(),
                    first.getVersion(),
                    numbered));
        });
        return all;
    }

    /** How often each task was claimed: run and task, divided by a blank. */
    Map<String, Integer> executions() {
        Map<String, Integer> executions = new HashMap<>();
        count(
                RunEventType.TASK_STARTED,
                event -> executions.merge(
                        event.getRunId() + " " + event.getTask().orElseThrow(), 1, Integer::sum));
        return executions;
    }

    /** How many events of this type there are. */
    long count(RunEventType type) {
        long[] count = {0};
        count(type, event -> count[0]++);
        return count[0];
    }

    private void count(RunEventType type, Consumer<RunEvent> each) {
        for (List<Recorded<RunEvent>> events : runs.values()) {
            events.stream()
                    .map(Recorded::value)
                    .filter(event -> event.getType() == type)
                    .forEach(each);
        }
    }

    /** Rejected claims among the rejected reports. */
    long rejectedClaims() {
        long[] count = {0};
        count(RunEventType.REPORT_REJECTED, event -> {
            if (Optional.of(event.getReason().orElse(""))
                    .filter(reason -> reason.startsWith("claim"))
                    .isPresent()) {
                count[0]++;
            }
        });
        return count[0];
    }
}
