package io.millrace.cli.chaos;

import io.millrace.audit.replay.RecordedRun;
import io.millrace.audit.verify.Definitions;
import io.millrace.audit.verify.Position;
import io.millrace.audit.verify.Recorded;
import io.millrace.engine.RunId;
import io.millrace.event.PipelineDefinition;
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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The audit log of a cluster that has come to rest, read partition by partition: memory is bounded by the largest of them. */
final class WholeLog {
    private final Definitions definitions = new Definitions();
    private final Map<RunEventType, Long> counts = new EnumMap<>(RunEventType.class);
    private final Map<String, Integer> executions = new HashMap<>();
    private final Map<String, List<String>> upstreams = new HashMap<>();
    private long rejectedClaims;

    private WholeLog() {}

    /**
     * Reads it to its end.
     *
     * @param each is given every run of it
     */
    static WholeLog read(KafkaAccess access, Consumer<RecordedRun> each) {
        WholeLog log = new WholeLog();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl());
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            WireFormat wire = new WireFormat(registry);
            Topic<PipelineDefinition> pipelines = access.topics().pipelines();
            for (TopicPartition partition : partitions(consumer, pipelines)) {
                read(consumer, partition, wire.decoder(pipelines), record -> log.definitions.add(record.value()));
            }
            Topic<RunEvent> events = access.topics().runEvents();
            for (TopicPartition partition : partitions(consumer, events)) {
                Map<String, List<Recorded<RunEvent>>> runs = new HashMap<>();
                read(consumer, partition, wire.decoder(events), record -> {
                    log.count(record.value());
                    runs.computeIfAbsent(record.value().getRunId(), run -> new ArrayList<>())
                            .add(record);
                });
                runs.forEach((run, all) -> each.accept(log.recorded(new RunId(run), all)));
            }
        }
        return log;
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic<?> topic) {
        return consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
    }

    private static <T extends SpecificRecord> void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Decoder<T> decoder,
            Consumer<Recorded<T>> into) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                into.accept(new Recorded<>(
                        new Position(record.topic(), record.partition(), record.offset()),
                        Instant.ofEpochMilli(record.timestamp()),
                        decode(decoder, record)));
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

    private void count(RunEvent event) {
        counts.merge(event.getType(), 1L, Long::sum);
        if (event.getType() == RunEventType.TASK_STARTED) {
            executions.merge(event.getRunId() + " " + event.getTask().orElseThrow(), 1, Integer::sum);
        }
        if (event.getType() == RunEventType.RUN_STARTED) {
            upstreams
                    .computeIfAbsent(event.getPipeline(), pipeline -> new ArrayList<>())
                    .addAll(event.getTrigger().orElseThrow().getUpstreamRunIds());
        }
        if (event.getType() == RunEventType.REPORT_REJECTED
                && event.getReason().orElse("").startsWith("claim")) {
            rejectedClaims++;
        }
    }

    /** The run with its numbered events. */
    private RecordedRun recorded(RunId run, List<Recorded<RunEvent>> events) {
        List<Recorded<RunEvent>> numbered =
                events.stream().filter(event -> event.value().getSequence() > 0).toList();
        RunEvent first = numbered.get(0).value();
        return new RecordedRun(
                run,
                definitions.find(first.getPipeline(), first.getVersion()).orElseThrow(),
                first.getVersion(),
                numbered);
    }

    /** How often each task was claimed: run and task, divided by a blank. */
    Map<String, Integer> executions() {
        return executions;
    }

    /** The upstream runs that started runs of a pipeline, once for each run of it. */
    List<String> upstreams(String pipeline) {
        return upstreams.getOrDefault(pipeline, List.of());
    }

    /** How many events of this type there are. */
    long count(RunEventType type) {
        return counts.getOrDefault(type, 0L);
    }

    /** Rejected claims among the rejected reports. */
    long rejectedClaims() {
        return rejectedClaims;
    }
}
