package io.millrace.worker;

import io.millrace.embedded.TestingPlatform;
import io.millrace.event.DeadLetter;
import io.millrace.event.PipelineDefinition;
import io.millrace.event.TaskEvent;
import io.millrace.event.TaskLog;
import io.millrace.event.TaskReport;
import io.millrace.event.TaskReportType;
import io.millrace.event.WorkerControl;
import io.millrace.event.WorkerControlType;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Plays the coordinator to real workers on a real broker: dispatches tasks and reads what is said of them. */
final class Stage implements AutoCloseable {
    static final int PARTITIONS = 4;

    final KafkaAccess access;
    final Topics topics;
    final Tail<TaskReport> reports;
    final Tail<WorkerHeartbeat> heartbeats;
    final Tail<DeadLetter> deadLetters;
    final Tail<TaskLog> logs;
    private final Path directory;
    private final SchemaRegistryClient registry;
    private final WireFormat format;
    private final Producer<byte[], byte[]> producer;
    private final List<Worker> workers = new ArrayList<>();

    Stage(Path directory) {
        this(directory, TestingPlatform.shared().access(TestingPlatform.shared().uniquePrefix()));
    }

    Stage(Path directory, KafkaAccess access) {
        this.directory = directory;
        this.access = access;
        topics = access.topics();
        registry = new SchemaRegistryClient(access.registryUrl());
        format = new WireFormat(registry);
        producer =
                new KafkaProducer<>(access.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        List<Topic<?>> all = new ArrayList<>(topics.fixed());
        all.add(queue());
        try (Admin admin = Admin.create(access.adminProperties())) {
            TopicCreation.ensure(admin, all, PARTITIONS, (short) 1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        reports = new Tail<>(access, format, topics.taskEvents(), PARTITIONS);
        heartbeats = new Tail<>(access, format, topics.workerHeartbeats(), 1);
        deadLetters = new Tail<>(access, format, topics.deadLetters(), 1);
        logs = new Tail<>(access, format, topics.taskLogs(), PARTITIONS);
    }

    Topic<TaskEvent> queue() {
        return topics.tasks(QueueName.DEFAULT);
    }

    WorkerConfig config(String id) {
        return WorkerConfig.of(access)
                .withWorkerId(id)
                .withSlots(2)
                .withHeartbeatInterval(Duration.ofMillis(500))
                .withBusyLimit(Duration.ofMillis(500))
                .withKillGrace(Duration.ofSeconds(1))
                .withGrace(Duration.ofSeconds(30))
                .withWorkDirectory(directory)
                .withTopics(PARTITIONS, (short) 1);
    }

    Worker start(WorkerConfig config) {
        return start(config, Map.of());
    }

    Worker start(WorkerConfig config, Map<String, TaskHandler> handlers) {
        return start(config, handlers, Map.of());
    }

    Worker start(
            WorkerConfig config, Map<String, TaskHandler> handlers, Map<String, TransactionalHandler> transactional) {
        Worker.Builder builder = Worker.builder(config);
        handlers.forEach(builder::handler);
        transactional.forEach(builder::transactionalHandler);
        Worker worker = builder.start();
        synchronized (workers) {
            workers.add(worker);
        }
        return worker;
    }

    /** A task of kind java; what is set on it afterwards makes it another. */
    TaskEvent.Builder aTask(String run) {
        return TaskEvent.newBuilder()
                .setRunId(run)
                .setPipeline("demo")
                .setVersion(1)
                .setTask("t")
                .setAttempt(1)
                .setEpoch(1)
                .setQueue("default")
                .setKind("java")
                .setAction("{\"handler\":\"h\"}")
                .setInputs("{}")
                .setEnv(Map.of())
                .setFiles(Collections.emptyList())
                .setIdempotencyKey(run + "/t")
                .setDispatchedAt(Instant.now());
    }

    TaskEvent.Builder aScript(String run, String command) {
        return aTask(run).setKind("shell").setAction("{\"command\":\"" + command.replace("\"", "\\\"") + "\"}");
    }

    void dispatch(TaskEvent.Builder task) {
        dispatch(task, null);
    }

    void dispatch(TaskEvent.Builder task, @Nullable Integer partition) {
        TaskEvent event = task.build();
        put(queue(), partition, event.getRunId() + "/" + event.getTask(), event);
    }

    void cancel(String run) {
        put(
                topics.workerControl(),
                null,
                run,
                WorkerControl.newBuilder()
                        .setType(WorkerControlType.CANCEL)
                        .setRunId(run)
                        .setTask("t")
                        .setAttempt(1)
                        .setEpoch(1)
                        .setReason("not needed")
                        .setAt(Instant.now())
                        .build());
    }

    void define(PipelineDefinition definition) {
        put(topics.pipelines(), null, definition.getPipeline() + "/" + definition.getVersion(), definition);
    }

    <T extends SpecificRecord> void put(Topic<T> topic, @Nullable Integer partition, String key, T value) {
        send(
                topic.name(),
                partition,
                key.getBytes(StandardCharsets.UTF_8),
                format.encoder(topic).encode(value));
    }

    void send(String topic, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        try {
            producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    TaskReport claimed(String run) throws InterruptedException {
        return reports.await(is(run, TaskReportType.CLAIMED));
    }

    TaskReport outcome(String run) throws InterruptedException {
        return reports.await(report -> report.getRunId().equals(run)
                && Set.of("SUCCEEDED", "FAILED", "RELEASED")
                        .contains(report.getType().name()));
    }

    static Predicate<TaskReport> is(String run, TaskReportType type) {
        return report -> report.getRunId().equals(run) && report.getType() == type;
    }

    @Override
    public void close() {
        synchronized (workers) {
            workers.forEach(Worker::close);
        }
        reports.close();
        heartbeats.close();
        deadLetters.close();
        logs.close();
        producer.close();
        registry.close();
    }
}
