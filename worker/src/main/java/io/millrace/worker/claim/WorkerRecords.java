package io.millrace.worker.claim;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.LogLine;
import io.millrace.event.LogPosition;
import io.millrace.event.TaskFailure;
import io.millrace.event.TaskLog;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.WatchState;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.Failure;
import io.millrace.worker.execute.Outcome;
import io.millrace.worker.execute.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the worker has to say as records of Kafka: the one place where its values become Avro.
 *
 * <p><b>Threading:</b> any number of threads.
 */
final class WorkerRecords {
    /** A dead letter has to fit into a topic's default limit of 1 MiB, with what it says beside the original. */
    private static final int LARGEST_ORIGINAL = 900_000;

    private final WorkerIdentity identity;
    private final SessionSettings settings;
    private final String source;
    private final Supplier<List<WatchState>> watches;
    private final Clock clock;
    private final Sender<TaskReport> reports;
    private final Sender<TaskLog> logs;
    private final Sender<WorkerHeartbeat> heartbeats;
    private final Sender<DeadLetter> deadLetters;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong heartbeatSequence = new AtomicLong();

    private record Sender<T extends SpecificRecord>(String topic, String type, Encoder<T> encoder) {
        static <T extends SpecificRecord> Sender<T> of(Topic<T> topic, WireFormat format) {
            return new Sender<>(
                    topic.name(), "io.millrace." + topic.valueType().getSimpleName(), format.encoder(topic));
        }
    }

    /** @param watches how the triggers are that the worker watches for */
    WorkerRecords(SessionSettings settings, WireFormat format, Supplier<List<WatchState>> watches, Clock clock) {
        Topics topics = settings.topics();
        this.identity = settings.identity();
        this.settings = settings;
        this.source = "/worker/" + identity.worker();
        this.watches = watches;
        this.clock = clock;
        this.reports = Sender.of(topics.taskEvents(), format);
        this.logs = Sender.of(topics.taskLogs(), format);
        this.heartbeats = Sender.of(topics.workerHeartbeats(), format);
        this.deadLetters = Sender.of(topics.deadLetters(), format);
    }

    ProducerRecord<byte[], byte[]> claimed(Claim claim) {
        return report(claim, builder(TaskReportType.CLAIMED, claim.id()));
    }

    ProducerRecord<byte[], byte[]> progressed(Claim claim, Progress progress) {
        return report(
                claim,
                builder(TaskReportType.PROGRESSED, claim.id())
                        .setProgress(progress.share().orElse(null))
                        .setCheckpoint(progress.checkpoint().orElse(null)));
    }

    /** The report of an execution that has ended; of one that was stopped it is a release. */
    ProducerRecord<byte[], byte[]> outcome(Claim claim, Outcome outcome, @Nullable LogPosition position) {
        if (outcome instanceof Outcome.Stopped stopped) {
            return released(claim, stopped.request().text(), position);
        }
        TaskReport.Builder builder;
        if (outcome instanceof Outcome.Succeeded succeeded) {
            builder = builder(TaskReportType.SUCCEEDED, claim.id()).setOutput(succeeded.output());
        } else {
            Failure failure = ((Outcome.Failed) outcome).failure();
            builder = builder(TaskReportType.FAILED, claim.id()).setFailure(failure(failure));
        }
        return report(claim, builder.setLogs(position));
    }

    ProducerRecord<byte[], byte[]> released(Claim claim, String reason, @Nullable LogPosition position) {
        return report(
                claim,
                builder(TaskReportType.RELEASED, claim.id()).setReason(reason).setLogs(position));
    }

    ProducerRecord<byte[], byte[]> log(Claim claim, List<LogLine> lines) {
        DeliveryId id = claim.id();
        TaskLog log = TaskLog.newBuilder()
                .setRunId(id.runId())
                .setTask(id.task())
                .setAttempt(id.attempt())
                .setEpoch(id.epoch())
                .setWorker(identity.worker())
                .setLines(lines)
                .build();
        return record(logs, id.runId() + "/" + id.task(), log, clock.instant(), claim.traceparent());
    }

    ProducerRecord<byte[], byte[]> heartbeat(WorkerState state, int busy) {
        Instant now = clock.instant();
        WorkerHeartbeat heartbeat = WorkerHeartbeat.newBuilder()
                .setWorker(identity.worker())
                .setIncarnation(identity.incarnation())
                .setSequence(heartbeatSequence.incrementAndGet())
                .setAt(now)
                .setQueues(settings.queueNames())
                .setLabels(settings.labels())
                .setSlots(settings.slots())
                .setBusy(busy)
                .setState(state)
                .setHost(identity.host())
                .setPid(identity.pid())
                .setVersion(identity.version())
                .setWatches(watches.get())
                .build();
        return record(heartbeats, identity.worker(), heartbeat, now, null);
    }

    /** An original that is too large to be put aside stays where it is; the letter says where. */
    ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> original, String reason) {
        int bytes = length(original.key()) + length(original.value());
        boolean fits = bytes <= LARGEST_ORIGINAL;
        Instant now = clock.instant();
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(original.topic())
                .setPartition(original.partition())
                .setOffset(original.offset())
                .setKey(fits ? buffer(original.key()) : null)
                .setValue(fits ? buffer(original.value()) : null)
                .setReason(DeadLetterReason.UNDECODABLE)
                .setMessage(fits ? reason : reason + " (Its " + bytes + " bytes are too many to be put here.)")
                .setAt(now)
                .build();
        String key = original.topic() + "-" + original.partition() + "-" + original.offset();
        String traceparent = EventHeaders.traceparent(original.headers()).orElse(null);
        return record(deadLetters, key, letter, now, traceparent);
    }

    /** All fields are set, because a builder copies the default of whatever is not, which takes longer than all the rest. */
    private TaskReport.Builder builder(TaskReportType type, DeliveryId id) {
        return TaskReport.newBuilder()
                .setOutput(null)
                .setFailure(null)
                .setReason(null)
                .setLogs(null)
                .setProgress(null)
                .setCheckpoint(null)
                .setType(type)
                .setRunId(id.runId())
                .setTask(id.task())
                .setAttempt(id.attempt())
                .setEpoch(id.epoch())
                .setWorker(identity.worker())
                .setIncarnation(identity.incarnation());
    }

    private ProducerRecord<byte[], byte[]> report(Claim claim, TaskReport.Builder builder) {
        Instant now = clock.instant();
        return record(reports, claim.id().runId(), builder.setAt(now).build(), now, claim.traceparent());
    }

    private static TaskFailure failure(Failure failure) {
        return TaskFailure.newBuilder()
                .setKind(failure.kind())
                .setMessage(failure.message())
                .setExitCode(failure.exitCode().isPresent() ? failure.exitCode().getAsInt() : null)
                .setSignal(failure.signal().isPresent() ? failure.signal().getAsInt() : null)
                .setStderrTail(failure.stderrTail())
                .setStatus(failure.status().isPresent() ? failure.status().getAsInt() : null)
                .setRetryAfterMillis(
                        failure.retryAfter().map(Duration::toMillis).orElse(null))
                .setRetryable(failure.retryable())
                .build();
    }

    private <T extends SpecificRecord> ProducerRecord<byte[], byte[]> record(
            Sender<T> sender, String key, T value, Instant at, @Nullable String parent) {
        String trace = parent == null ? null : EventHeaders.child(parent);
        String id = identity.incarnation() + "-" + events.incrementAndGet();
        return new ProducerRecord<>(
                sender.topic(),
                null,
                at.toEpochMilli(),
                key.getBytes(StandardCharsets.UTF_8),
                sender.encoder().encode(value),
                EventHeaders.of(sender.type(), source, id, at, trace));
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return Optional.ofNullable(bytes).map(ByteBuffer::wrap).orElse(null);
    }
}
