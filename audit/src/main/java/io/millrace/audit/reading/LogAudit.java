package io.millrace.audit.reading;

import io.millrace.audit.verify.AuditedTopics;
import io.millrace.audit.verify.Recorded;
import io.millrace.audit.verify.Verification;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Verifies a platform by its topics alone. It asks no coordinator, joins no group and writes nothing, so that it can be run
 * beside a platform at work, and by those who do not trust it.
 *
 * <p><b>Threading:</b> used by one thread.
 */
public final class LogAudit {
    private static final String RERUN = "io.millrace.run.rerun";

    private final KafkaAccess access;
    private final WireFormat wire;
    private final Topics topics;
    private final AuditProgress progress;
    private final Map<String, Long> read = new TreeMap<>();

    /** An audit of the platform whose topics these are. */
    public LogAudit(KafkaAccess access, WireFormat wire, AuditProgress progress) {
        this.access = access;
        this.wire = wire;
        this.topics = access.topics();
        this.progress = progress;
    }

    /**
     * Reads what is there now, and judges it.
     *
     * @throws AuditUnavailableException when Kafka or the registry is away, or the topics are not there
     */
    public AuditResult verify(AuditSettings settings) {
        Instant begun = Instant.now();
        LogStretch stretch;
        try (LogSurvey survey = new LogSurvey(access)) {
            stretch = survey.stretch(settings.from());
        }
        try (StretchReader reader = new StretchReader(access, stretch)) {
            Verification verification = new Verification(
                    new AuditedTopics(
                            topics.triggers().name(),
                            topics.runCommands().name(),
                            topics.taskEvents().name()),
                    LoggedDefinitions.read(reader, stretch, wire, topics.pipelines(), progress),
                    reopenings(reader, stretch),
                    settings.remembered(),
                    settings.mostViolations());
            verifyWith(verification, reader, stretch);
            return new AuditResult(
                    verification.finish(stretch),
                    stretch.since(),
                    new TreeMap<>(read),
                    Duration.between(begun, Instant.now()));
        } catch (RegistryUnavailableException | RegistryException e) {
            throw new AuditUnavailableException("the schema registry does not answer: " + e.getMessage(), e);
        }
    }

    /** Which runs are opened again, and how often: known beforehand, others need not be held after their end. */
    private Map<String, Integer> reopenings(StretchReader reader, LogStretch stretch) {
        Map<String, Integer> reopenings = new HashMap<>();
        Decoder<RunEvent> decoder = wire.decoder(topics.runEvents());
        reader.read("reruns", stretch.partitions(topics.runEvents()), progress, record -> {
            if (EventHeaders.type(record.headers()).filter(RERUN::equals).isPresent()) {
                Records.decode(decoder, record)
                        .filter(event -> event.value().getType() == RunEventType.RUN_RERUN)
                        .ifPresent(event -> reopenings.merge(event.value().getRunId(), 1, Integer::sum));
            }
        });
        return reopenings;
    }

    private void verifyWith(Verification verification, StretchReader reader, LogStretch stretch) {
        Map<String, Consumer<ConsumerRecord<byte[], byte[]>>> byTopic = new HashMap<>();
        byTopic.put(topics.triggers().name(), into(topics.triggers(), verification::trigger, verification));
        byTopic.put(topics.runCommands().name(), into(topics.runCommands(), verification::command, verification));
        byTopic.put(topics.taskEvents().name(), into(topics.taskEvents(), verification::report, verification));
        byTopic.put(topics.runEvents().name(), into(topics.runEvents(), verification::event, verification));
        byTopic.put(topics.admissions().name(), into(topics.admissions(), verification::admission, verification));
        byTopic.put(topics.backfills().name(), into(topics.backfills(), verification::backfill, verification));
        byTopic.put(topics.alertSignals().name(), into(topics.alertSignals(), verification::alertSignal, verification));
        byTopic.put(topics.alerts().name(), into(topics.alerts(), verification::alert, verification));
        byTopic.put(topics.deadLetters().name(), into(topics.deadLetters(), verification::letter, verification));
        byTopic.put(
                topics.workerHeartbeats().name(),
                into(topics.workerHeartbeats(), verification::heartbeat, verification));
        for (TopicPartition partition : stretch.ends().keySet()) {
            topics.queueOf(partition.topic())
                    .ifPresent(queue -> byTopic.computeIfAbsent(
                            partition.topic(), name -> into(topics.tasks(queue), verification::task, verification)));
        }
        List<TopicPartition> partitions = stretch.ends().keySet().stream()
                .filter(partition -> byTopic.containsKey(partition.topic()))
                .toList();
        reader.read("records", partitions, progress, record -> {
            read.merge(record.topic(), 1L, Long::sum);
            Consumer<ConsumerRecord<byte[], byte[]>> handler = byTopic.get(record.topic());
            if (handler != null) {
                handler.accept(record);
            }
        });
    }

    private <T extends SpecificRecord> Consumer<ConsumerRecord<byte[], byte[]>> into(
            Topic<T> topic, Consumer<Recorded<T>> consumer, Verification verification) {
        Decoder<T> decoder = wire.decoder(topic);
        return record -> Records.decode(decoder, record)
                .ifPresentOrElse(consumer, () -> verification.unreadable(Records.position(record)));
    }
}
