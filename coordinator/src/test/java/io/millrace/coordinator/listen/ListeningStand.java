package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.TestingLog;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Topics of a user on the real broker, and coordinators' parts that listen to them; nobody executes what they ask for. */
final class ListeningStand implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestingLog log = TestingLog.open();
    private final SchemaRegistryClient registry =
            new SchemaRegistryClient(log.access().registryUrl());
    private final Admin admin = Admin.create(log.access().adminProperties());
    private final Producer<byte[], byte[]> producer = new KafkaProducer<>(
            log.access().producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
    private final PipelineCatalogue applying = log.catalogue();
    private final Map<String, Coordinator> coordinators = new HashMap<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Follower<RunCommand> commands = follow(log.topics().runCommands());
    private final Follower<DeadLetter> letters = follow(log.topics().deadLetters());
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final AtomicLong pauseChanges = new AtomicLong();

    private record Coordinator(PipelineCatalogue catalogue, KafkaTriggers triggers) {}

    ListeningStand() throws InterruptedException {}

    /** One coordinator's part. */
    KafkaTriggers start(String instance) {
        PipelineCatalogue catalogue = log.catalogue();
        KafkaTriggers triggers = KafkaTriggers.start(
                log.access(), registry, log.wire(), instance, catalogue, new Pauses(), Clock.systemUTC());
        coordinators.put(instance, new Coordinator(catalogue, triggers));
        return triggers;
    }

    void stop(String instance) {
        Coordinator stopped = coordinators.remove(instance);
        stopped.triggers().close();
        stopped.catalogue().close();
    }

    TestingLog log() {
        return log;
    }

    SchemaRegistryClient registry() {
        return registry;
    }

    Admin admin() {
        return admin;
    }

    String topic(String name) {
        return "users-" + log.access().topicPrefix() + name;
    }

    /** Creates a topic; answers its name. */
    String create(String name, int partitions) throws Exception {
        String topic = topic(name);
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
        return topic;
    }

    void delete(String topic) throws Exception {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    void enlarge(String topic, int partitions) throws Exception {
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                .all()
                .get();
    }

    int apply(String yaml) {
        return applying.apply(TestingLog.submission(yaml)).version().version();
    }

    void pause(String pipeline, boolean now) {
        if (now) {
            paused.add(pipeline);
        } else {
            paused.remove(pipeline);
        }
        pauseChanges.incrementAndGet();
    }

    void send(String topic, String value) throws Exception {
        send(topic, null, value.getBytes(UTF_8));
    }

    void send(String topic, @Nullable Integer partition, byte @Nullable [] value) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
    }

    void send(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get();
    }

    /** Records {@code {"n": …}} of all numbers from one to before another, spread over the partitions. */
    void sendNumbers(String topic, int from, int to, int partitions) {
        for (int n = from; n < to; n++) {
            producer.send(new ProducerRecord<>(topic, n % partitions, null, ("{\"n\": " + n + "}").getBytes(UTF_8)));
        }
        producer.flush();
    }

    /** The commands that have been committed so far, in the order of each partition. */
    List<RunCommand> commands() {
        return commands.all();
    }

    /** The commands to start runs of one pipeline. */
    List<RunCommand> commands(String pipeline) {
        return commands().stream()
                .filter(command -> command.getPipeline().equals(pipeline))
                .toList();
    }

    /** The inputs of those runs, sorted. */
    List<String> inputs(String pipeline) {
        return commands(pipeline).stream().map(RunCommand::getInputs).sorted().toList();
    }

    List<DeadLetter> letters() {
        return letters.all();
    }

    /** Returns once a pipeline's trigger has read all partitions of the topic up to their ends. */
    void awaitRead(String pipeline, String trigger, String topic) {
        await(pipeline + "/" + trigger + " has read " + topic, () -> {
            Map<Integer, Long> ends = ends(topic);
            return positions(pipeline, trigger, topic).equals(ends);
        });
    }

    Map<Integer, Long> positions(String pipeline, String trigger, String topic) {
        return coordinators.values().stream()
                .findFirst()
                .orElseThrow()
                .triggers()
                .of(new PipelineId(pipeline), trigger, topic)
                .positions();
    }

    private Map<Integer, Long> ends(String topic) {
        Map<Integer, Long> ends = new HashMap<>();
        commands.ends(topic).forEach((partition, end) -> ends.put(partition.partition(), end));
        return ends;
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("within " + LIMIT + " it never came that " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private <T extends SpecificRecord> Follower<T> follow(Topic<T> topic) {
        Follower<T> follower = new Follower<>(topic);
        opened.push(follower);
        return follower;
    }

    /** What has been committed to a topic. */
    private final class Follower<T extends SpecificRecord> implements AutoCloseable {
        private final Consumer<byte[], byte[]> consumer;
        private final Decoder<T> decoder;
        private final List<T> found = new ArrayList<>();

        private Follower(Topic<T> topic) {
            decoder = log.wire().decoder(topic);
            Map<String, Object> properties = log.access().consumerProperties();
            properties.put("auto.offset.reset", "earliest");
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        private synchronized List<T> all() {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    try {
                        found.add(decoder.decode(record.value()));
                    } catch (UndecodableException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            return List.copyOf(found);
        }

        private synchronized Map<TopicPartition, Long> ends(String topic) {
            return consumer.endOffsets(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    private final class Pauses implements TriggerPauses {
        @Override
        public boolean isPaused(PipelineId pipeline, String trigger) {
            return paused.contains(pipeline.value());
        }

        @Override
        public long changes() {
            return pauseChanges.get();
        }
    }

    @Override
    public void close() throws Exception {
        Set.copyOf(coordinators.keySet()).forEach(this::stop);
        for (AutoCloseable each : opened) {
            each.close();
        }
        applying.close();
        producer.close();
        admin.close();
        registry.close();
        log.close();
    }
}
