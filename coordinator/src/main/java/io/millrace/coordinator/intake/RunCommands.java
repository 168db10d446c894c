package io.millrace.coordinator.intake;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.IntakeOverloadedException;
import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.engine.CommandId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.Trigger;
import io.millrace.expression.Document;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes commands to the topic of run commands. What it confirms is in Kafka; what it fails was either refused before it
 * was sent, or may be repeated with the same idempotency key (G1).
 *
 * <p>At most {@link #MOST_UNDER_WAY} commands are under way at a time: more are refused at once rather than queued.
 *
 * <p><b>Threading:</b> safe for any number of threads. Sending may block for metadata, so one thread of its own does it.
 */
public final class RunCommands implements RunStarter, AutoCloseable {
    private static final int MOST_UNDER_WAY = 10_000;
    private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(20);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String SOURCE = "/millrace/api";

    private final Topic<RunCommand> topic;
    private final Encoder<RunCommand> encoder;
    private final Producer<String, byte[]> producer;
    private final Clock clock;
    private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "run-commands");
        thread.setDaemon(true);
        return thread;
    });

    /** Connects to Kafka; returns at once, also while Kafka is away. */
    public RunCommands(KafkaAccess kafka, WireFormat wire, Clock clock) {
        this.topic = kafka.topics().runCommands();
        this.encoder = wire.encoder(topic);
        this.clock = clock;
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-run-commands");
        properties.put("delivery.timeout.ms", (int) DELIVERY_LIMIT.toMillis());
        properties.put("request.timeout.ms", (int) DELIVERY_LIMIT.dividedBy(2).toMillis());
        properties.put("max.block.ms", DELIVERY_LIMIT.toMillis());
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public CompletionStage<Accepted> start(
            PipelineVersion pipeline, Document inputs, Optional<String> idempotencyKey, String source) {
        String identity = idempotencyKey.orElseGet(() -> UUID.randomUUID().toString());
        RunTrigger trigger =
                new RunTrigger(RunTrigger.Kind.API, source, idempotencyKey.orElse(null), null, null, null, null);
        return start(RunId.ofKey(pipeline.id(), identity), pipeline, inputs, trigger);
    }

    @Override
    public CompletionStage<Accepted> start(RunId run, PipelineVersion pipeline, Document inputs, RunTrigger trigger) {
        String trace = EventHeaders.newTraceparent();
        Trigger traced = Trigger.newBuilder(Triggers.toAvro(trigger))
                .setTraceparent(trace)
                .build();
        RunCommand command = RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run.value())
                .setPipeline(pipeline.id().value())
                .setVersion(pipeline.version())
                .setInputs(inputs.json())
                .setTrigger(traced)
                .setRequestedAt(clock.instant())
                .build();
        return send(command, trace).thenApply(at -> new Accepted(run.value(), at));
    }

    @Override
    public CompletionStage<Written> cancel(String runId, CommandId id, String reason, Optional<String> by) {
        return send(command(RunCommandType.CANCEL, runId, id).setReason(reason).setBy(by.orElse(null)));
    }

    @Override
    public CompletionStage<Written> rerun(
            String runId, CommandId id, List<String> tasks, Optional<String> reason, Optional<String> by) {
        return send(command(RunCommandType.RERUN, runId, id)
                .setTasks(tasks)
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null)));
    }

    @Override
    public CompletionStage<Written> answer(
            String runId, CommandId id, String task, boolean approved, Optional<String> comment, Optional<String> by) {
        return send(command(RunCommandType.ANSWER, runId, id)
                .setTask(task)
                .setApproved(approved)
                .setReason(comment.orElse(null))
                .setBy(by.orElse(null)));
    }

    private RunCommand.Builder command(RunCommandType type, String runId, CommandId id) {
        return RunCommand.newBuilder()
                .setType(type)
                .setRunId(runId)
                .setCommandId(id.value())
                .setRequestedAt(clock.instant());
    }

    private CompletionStage<Written> send(RunCommand.Builder command) {
        return send(command.build(), EventHeaders.newTraceparent());
    }

    private CompletableFuture<Written> send(RunCommand command, String trace) {
        CompletableFuture<Written> acknowledged = new CompletableFuture<>();
        if (!places.tryAcquire()) {
            acknowledged.completeExceptionally(new IntakeOverloadedException(
                    MOST_UNDER_WAY + " commands are waiting for Kafka already", RETRY_AFTER));
            return acknowledged;
        }
        acknowledged.whenComplete((nothing, error) -> places.release());
        try {
            sender.execute(() -> sendNow(command, trace, acknowledged));
        } catch (RejectedExecutionException e) {
            acknowledged.completeExceptionally(new IntakeUnavailableException("this coordinator is stopping", e));
        }
        return acknowledged;
    }

    private void sendNow(RunCommand command, String trace, CompletableFuture<Written> acknowledged) {
        try {
            Instant now = clock.instant();
            String type = "io.millrace.run." + command.getType().name().toLowerCase(Locale.ROOT);
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                    topic.name(),
                    null,
                    now.toEpochMilli(),
                    command.getRunId(),
                    encoder.encode(command),
                    EventHeaders.of(type, SOURCE, UUID.randomUUID().toString(), now, trace));
            producer.send(record, (metadata, error) -> {
                if (error == null) {
                    acknowledged.complete(new Written(metadata.partition(), metadata.offset()));
                } else {
                    acknowledged.completeExceptionally(new IntakeUnavailableException(
                            "Kafka did not acknowledge the command: " + error.getMessage(), error));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            acknowledged.completeExceptionally(
                    new IntakeUnavailableException("the command could not be sent: " + e.getMessage(), e));
        } catch (RuntimeException e) {
            acknowledged.completeExceptionally(
                    new IntakeUnavailableException("the command could not be written: " + e.getMessage(), e));
        }
    }

    /** Waits for what is under way, at most for the delivery limit. */
    @Override
    public void close() {
        sender.shutdown();
        producer.close(DELIVERY_LIMIT);
    }
}
