package io.millrace.coordinator.topology;

import io.millrace.audit.log.AuditEvents;
import io.millrace.engine.Effect;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunEventType;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.event.Admission;
import io.millrace.event.Alert;
import io.millrace.event.AlertSignal;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.event.Cause;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.event.TaskEvent;
import io.millrace.event.UpstreamEnd;
import io.millrace.event.WorkerControl;
import io.millrace.event.WorkerControlType;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What the engine decides, as records for Kafka: Avro in the wire format, the right key, CloudEvents and trace headers.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class RecordWriter {
    private static final String SOURCE = "/millrace/coordinator";
    private static final String TYPE_PREFIX = "io.millrace.";

    private final Topics topics;
    private final Encoder<io.millrace.event.RunEvent> runEvents;
    private final Encoder<WorkerControl> workerControl;
    private final Encoder<RunCommand> runCommands;
    private final Encoder<Admission> admissions;
    private final Encoder<UpstreamEnd> upstreamEnds;
    private final Encoder<BackfillCommand> backfills;
    private final Encoder<Backfill> backfillStates;
    private final Encoder<AlertSignal> alertSignals;
    private final Encoder<Alert> alerts;
    private final Encoder<DeadLetter> deadLetters;
    private final Map<String, Queue> queues = new ConcurrentHashMap<>();
    private final Map<RunEventType, String> eventTypes = new EnumMap<>(RunEventType.class);
    private final WireFormat wire;

    /** Where the tasks of a queue go. */
    private record Queue(String topic, Encoder<TaskEvent> encoder) {}

    RecordWriter(WireFormat wire, Topics topics) {
        this.wire = wire;
        this.topics = topics;
        this.runEvents = wire.encoder(topics.runEvents());
        this.workerControl = wire.encoder(topics.workerControl());
        this.runCommands = wire.encoder(topics.runCommands());
        this.upstreamEnds = wire.encoder(topics.upstreamEnds());
        this.admissions = wire.encoder(topics.admissions());
        this.backfills = wire.encoder(topics.backfills());
        this.backfillStates = wire.encoder(topics.backfillStates());
        this.alertSignals = wire.encoder(topics.alertSignals());
        this.alerts = wire.encoder(topics.alerts());
        this.deadLetters = wire.encoder(topics.deadLetters());
        for (RunEventType type : RunEventType.values()) {
            eventTypes.put(
                    type, TYPE_PREFIX + type.name().toLowerCase(Locale.ROOT).replaceFirst("_", "."));
        }
    }

    /** An entry of the audit log. @param head the run; null when it is not known */
    Record<byte[], Outbound> runEvent(RunId run, @Nullable RunHead head, RunEvent event, Cause cause) {
        io.millrace.event.RunEvent avro = AuditEvents.toAvro(run, head, event, cause);
        String id = event.sequence() > 0
                ? run.value() + "/" + event.sequence()
                : run.value() + "/" + cause.getTopic().orElse("") + "-" + cause.getPartition() + "-"
                        + cause.getOffset();
        Outbound value = new Outbound(topics.runEvents().name(), runEvents.encode(avro));
        return record(
                run.value(),
                value,
                Objects.requireNonNull(eventTypes.get(event.type())),
                id,
                event.at(),
                traceOf(head));
    }

    /** A task for its queue. */
    Record<byte[], Outbound> task(RunId run, RunHead head, Effect.DispatchTask order, Instant now) {
        String key = run.value() + "/" + order.task().value();
        Duration timeout = order.timeout();
        TaskEvent avro = TaskEvent.newBuilder()
                .setRunId(run.value())
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setTask(order.task().value())
                .setAttempt(order.delivery().attempt())
                .setEpoch(order.delivery().epoch())
                .setQueue(order.queue())
                .setKind(order.kind())
                .setAction(order.action().json())
                .setInputs(order.inputs().json())
                .setEnv(order.environment())
                .setSecrets(order.secrets())
                .setFileOutputs(order.fileOutputs())
                .setFiles(order.files())
                .setCheckpoint(order.checkpoint())
                .setMemoryBytes(order.memoryBytes())
                .setTimeoutMillis(timeout == null ? null : timeout.toMillis())
                .setIdempotencyKey(key)
                .setDispatchedAt(now)
                .build();
        Queue queue = queues.computeIfAbsent(order.queue(), this::queue);
        Outbound value = new Outbound(queue.topic(), queue.encoder().encode(avro));
        String id =
                key + "/" + order.delivery().attempt() + "/" + order.delivery().epoch();
        return record(key, value, TYPE_PREFIX + "task.dispatched", id, now, traceOf(head));
    }

    private Queue queue(String name) {
        Topic<TaskEvent> topic = topics.tasks(new QueueName(name));
        return new Queue(topic.name(), wire.encoder(topic));
    }

    /** A request to stop a running delivery. */
    Record<byte[], Outbound> cancellation(
            RunId run, @Nullable RunHead head, Effect.RequestCancellation request, Instant now) {
        WorkerControl avro = WorkerControl.newBuilder()
                .setType(WorkerControlType.CANCEL)
                .setRunId(run.value())
                .setTask(request.task().value())
                .setAttempt(request.delivery().attempt())
                .setEpoch(request.delivery().epoch())
                .setReason(request.reason())
                .setAt(now)
                .build();
        String id = run.value() + "/" + request.task().value() + "/"
                + request.delivery().attempt() + "/" + request.delivery().epoch() + "/cancel";
        Outbound value = new Outbound(topics.workerControl().name(), workerControl.encode(avro));
        return record(run.value(), value, TYPE_PREFIX + "task.cancel", id, now, traceOf(head));
    }

    /** A command for the run engine. */
    Record<byte[], Outbound> command(RunCommand command, @Nullable String traceparent, Instant now) {
        String type = TYPE_PREFIX + "run." + command.getType().name().toLowerCase(Locale.ROOT);
        Outbound value = new Outbound(topics.runCommands().name(), runCommands.encode(command));
        return record(command.getRunId(), value, type, command.getRunId(), now, traceparent);
    }

    /** What a run asks of the slots of its pipeline. */
    Record<byte[], Outbound> admission(Admission admission, @Nullable String traceparent, Instant now) {
        String type = TYPE_PREFIX + "admission." + admission.getType().name().toLowerCase(Locale.ROOT);
        Outbound value = new Outbound(topics.admissions().name(), admissions.encode(admission));
        String id = admission.getRunId() + "/" + admission.getAsked();
        return record(SlotKey.of(admission).owner(), value, type, id, now, traceparent);
    }

    /** The end of a run that a trigger waits for together with others. */
    Record<byte[], Outbound> upstreamEnd(UpstreamEnd end, @Nullable String traceparent, Instant now) {
        Outbound value = new Outbound(topics.upstreamEnds().name(), upstreamEnds.encode(end));
        String id = end.getRunId() + "/" + end.getPipeline() + "/" + end.getTriggerId();
        return record(end.getPipeline(), value, TYPE_PREFIX + "run.upstream_ended", id, now, traceparent);
    }

    /** What a run tells a backfill that asked for it. */
    Record<byte[], Outbound> backfill(BackfillCommand command, @Nullable String traceparent, Instant now) {
        String type = TYPE_PREFIX + "backfill." + command.getType().name().toLowerCase(Locale.ROOT);
        Outbound value = new Outbound(topics.backfills().name(), backfills.encode(command));
        String id = command.getBackfillId() + "/" + command.getRunId().orElse("");
        return record(command.getBackfillId(), value, type, id, now, traceparent);
    }

    /** How far a backfill is. @param state null when it is forgotten */
    Record<byte[], Outbound> backfillState(String id, @Nullable Backfill state, Instant now) {
        byte[] bytes = state == null ? null : backfillStates.encode(state);
        Outbound value = new Outbound(topics.backfillStates().name(), bytes);
        return record(id, value, TYPE_PREFIX + "backfill.state", id, now, null);
    }

    /** What a run has to say of an alert. */
    Record<byte[], Outbound> alertSignal(AlertSignal signal, @Nullable String traceparent, Instant now) {
        String type = TYPE_PREFIX + "alert_signal." + signal.getType().name().toLowerCase(Locale.ROOT);
        Outbound value = new Outbound(topics.alertSignals().name(), alertSignals.encode(signal));
        String id = signal.getRunId().orElse("") + "/" + signal.getRule();
        return record(signal.getPipeline(), value, type, id, now, traceparent);
    }

    /** An alert after a change. */
    Record<byte[], Outbound> alert(String key, Alert alert, Instant now) {
        String type = TYPE_PREFIX + "alert." + alert.getChange().name().toLowerCase(Locale.ROOT);
        Outbound value = new Outbound(topics.alerts().name(), alerts.encode(alert));
        return record(key, value, type, key + "/" + alert.getNumber() + "/" + alert.getMessages(), now, null);
    }

    /** That an alert is forgotten. */
    Record<byte[], Outbound> forgottenAlert(String key, Instant now) {
        Outbound value = new Outbound(topics.alerts().name(), null);
        return record(key, value, TYPE_PREFIX + "alert.forgotten", key, now, null);
    }

    /** A record that is put aside. */
    Record<byte[], Outbound> deadLetter(DeadLetter letter) {
        String key = letter.getTopic() + "-" + letter.getPartition() + "-" + letter.getOffset();
        Outbound value = new Outbound(topics.deadLetters().name(), deadLetters.encode(letter));
        return record(key, value, TYPE_PREFIX + "dead_letter", key, letter.getAt(), null);
    }

    private static Record<byte[], Outbound> record(
            String key, Outbound value, String type, String id, Instant at, @Nullable String traceparent) {
        return new Record<>(
                key.getBytes(StandardCharsets.UTF_8),
                value,
                at.toEpochMilli(),
                EventHeaders.of(type, SOURCE, id, at, traceparent == null ? null : EventHeaders.child(traceparent)));
    }

    private static @Nullable String traceOf(@Nullable RunHead head) {
        return head == null ? null : head.trigger().traceparent();
    }
}
