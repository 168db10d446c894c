package io.millrace.coordinator.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.embedded.TestingPlatform;
import io.millrace.schemas.config.KafkaAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EngineClientsTest {
    private static final int PARTITIONS = 3;
    private static final String COUNT = "count";
    private static final String BE_BUSY = "be busy";
    private static final String BREAK = "break";
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** Commits come every 50 ms, but not during a rebalance. */
    private static final Duration UNCOMMITTED = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final TestingPlatform platform = TestingPlatform.shared();
    private final KafkaAccess kafka = platform.access(platform.uniquePrefix());
    private final String in = kafka.topicPrefix() + "in";
    private final String out = kafka.topicPrefix() + "out";
    private final Map<Integer, String> owners = new ConcurrentHashMap<>();
    private final Map<Integer, Long> processed = new ConcurrentHashMap<>();
    private final Map<Integer, Long> sent = new ConcurrentHashMap<>();
    private final Map<Integer, List<Long>> counted = new ConcurrentHashMap<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Counts the records of its partition, and tells the count of each. */
    private final class Counting implements Processor<byte[], byte[], byte[], byte[]> {
        private final String owner;
        private @Nullable ProcessorContext<byte[], byte[]> context;
        private @Nullable KeyValueStore<String, Long> store;

        private Counting(String owner) {
            this.owner = owner;
        }

        @Override
        public void init(ProcessorContext<byte[], byte[]> newContext) {
            context = newContext;
            store = newContext.getStateStore(COUNT);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            int partition = context.recordMetadata().orElseThrow().partition();
            String value = new String(record.value(), UTF_8);
            if (value.equals(BREAK) && broken.add(value)) {
                throw new TaskCorruptedException(Set.of(context.taskId()));
            }
            if (value.equals(BE_BUSY)) {
                busy.countDown();
                await(goOn);
            }
            Long before = store.get("records");
            long count = before == null ? 1 : before + 1;
            store.put("records", count);
            context.forward(record.withKey(Integer.toString(partition).getBytes(UTF_8))
                    .withValue(Long.toString(count).getBytes(UTF_8)));
            owners.put(partition, owner);
            processed.merge(partition, context.recordMetadata().orElseThrow().offset() + 1, Math::max);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void createTopics() throws Exception {
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            admin.createTopics(
                            List.of(new NewTopic(in, PARTITIONS, (short) 1), new NewTopic(out, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    @Test
    void aProducerThatHasAbortedATransactionBeginsNoOther() {
        Map<String, Object> properties = kafka.transactionalProducerProperties(kafka.topicPrefix() + "one");
        try (Producer<byte[], byte[]> producer = new EngineClients().getProducer(properties)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.abortTransaction();

            assertThatThrownBy(producer::beginTransaction).isInstanceOf(ProducerFencedException.class);
        }
    }

    /**
     * One partition breaks while its thread has processed records of another and cannot commit them, for another member of the group keeps a
     * rebalance from ending.
     */
    @Test
    void whatAThreadLosesWithAnAbortedTransactionItDoesAgain() {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                        kafka.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                Consumer<byte[], byte[]> reader = reader();
                KafkaStreams first = streams("first");
                KafkaStreams second = streams("second");
                KafkaStreams third = streams("third")) {
            first.start();
            second.start();
            Instant deadline = Instant.now().plus(LIMIT);
            while (Set.copyOf(owners.values()).size() < 2 || owners.size() < PARTITIONS) {
                assertThat(Instant.now())
                        .as("the owners of the partitions: %s", owners)
                        .isBefore(deadline);
                sendToEach(producer, "hello");
                awaitCounted(reader);
            }
            String pair = IntStream.range(0, PARTITIONS)
                    .mapToObj(owners::get)
                    .filter(owner -> partitionsOf(owner).size() == 2)
                    .findFirst()
                    .orElseThrow();
            int busyOne = IntStream.range(0, PARTITIONS)
                    .filter(each -> !owners.get(each).equals(pair))
                    .findFirst()
                    .orElseThrow();
            int healthy = partitionsOf(pair).get(0);
            int breaking = partitionsOf(pair).get(1);
            send(producer, busyOne, BE_BUSY);
            await(busy);

            third.start();
            do {
                send(producer, healthy, "not committed");
                until("it is processed", () -> processed.getOrDefault(healthy, 0L) >= sent.get(healthy));
            } while (isCounted(reader, healthy, UNCOMMITTED));
            send(producer, breaking, BREAK);
            until("a partition breaks", () -> !broken.isEmpty());
            goOn.countDown();

            sendToEach(producer, "last");
            awaitCounted(reader);
            assertThat(counted)
                    .allSatisfy((partition, counts) -> assertThat(counts)
                            .as("the counts of partition %d", partition)
                            .containsExactlyElementsOf(LongStream.rangeClosed(1, sent.get(partition))
                                    .boxed()
                                    .toList()));
        }
    }

    private List<Integer> partitionsOf(String owner) {
        return IntStream.range(0, PARTITIONS)
                .filter(each -> owner.equals(owners.get(each)))
                .boxed()
                .toList();
    }

    private KafkaStreams streams(String name) {
        Topology topology = new Topology()
                .addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), in)
                .addProcessor("count", () -> new Counting(name), "read")
                .addStateStore(
                        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(COUNT), Serdes.String(), Serdes.Long())
                                .withCachingDisabled(),
                        "count")
                .addSink("write", out, new ByteArraySerializer(), new ByteArraySerializer(), "count");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, kafka.topicPrefix() + "counting");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve(name).toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 200);
        return new KafkaStreams(topology, properties, new EngineClients());
    }

    private void sendToEach(Producer<byte[], byte[]> producer, String value) {
        IntStream.range(0, PARTITIONS).forEach(partition -> send(producer, partition, value));
    }

    private void send(Producer<byte[], byte[]> producer, int partition, String value) {
        producer.send(new ProducerRecord<>(in, partition, null, value.getBytes(UTF_8)));
        producer.flush();
        sent.merge(partition, 1L, Long::sum);
    }

    private Consumer<byte[], byte[]> reader() {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Consumer<byte[], byte[]> reader =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(out, partition))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        return reader;
    }

    private void read(Consumer<byte[], byte[]> reader) {
        reader.poll(Duration.ofMillis(50))
                .forEach(record -> counted.computeIfAbsent(
                                Integer.valueOf(new String(record.key(), UTF_8)), key -> new ArrayList<>())
                        .add(Long.valueOf(new String(record.value(), UTF_8))));
    }

    /** Whether the count of every record of a partition is to be read within a time. */
    private boolean isCounted(Consumer<byte[], byte[]> reader, int partition, Duration within) {
        Instant deadline = Instant.now().plus(within);
        while (!isCounted(partition) && Instant.now().isBefore(deadline)) {
            read(reader);
        }
        return isCounted(partition);
    }

    /** A partition's counts have come to the number of its records, whatever is missing before. */
    private boolean isCounted(int partition) {
        List<Long> counts = counted.getOrDefault(partition, List.of());
        return counts.contains(sent.getOrDefault(partition, 0L));
    }

    private void awaitCounted(Consumer<byte[], byte[]> reader) {
        until("the counts " + sent, () -> {
            read(reader);
            return IntStream.range(0, PARTITIONS).allMatch(this::isCounted);
        });
    }

    private void until(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now())
                    .as("%s; counted: %s, sent: %s", what, counted, sent)
                    .isBefore(deadline);
            Thread.onSpinWait();
        }
    }
}
