package io.millrace.worker.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.event.FileArrival;
import io.millrace.event.FileWatch;
import io.millrace.event.PipelineDefinition;
import io.millrace.event.TriggerPause;
import io.millrace.event.WatchState;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that watch one directory, on a real broker. What a coordinator makes of it is held in the tests of whole platforms. */
@Timeout(180)
class FileTriggersTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final TriggerName DROP = new TriggerName("load", "drop");

    private final KafkaAccess access =
            TestingPlatform.shared().access(TestingPlatform.shared().uniquePrefix());
    private final SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl());
    private final WireFormat wire = new WireFormat(registry);

    @TempDir
    private Path directory;

    private KafkaProducer<String, byte[]> producer;
    private TopicTable<FileArrival> arrivals;

    /** A worker, as far as it watches. */
    private final class Watcher implements AutoCloseable {
        private final FileTriggers triggers;
        private final TopicTable<PipelineDefinition> definitions;

        Watcher(String worker) {
            triggers = new FileTriggers(access, wire, worker, Set.of(QueueName.DEFAULT), Clock.systemUTC());
            definitions = TopicTable.open(
                    access.topics().pipelines(), wire, access, (version, definition) -> triggers.changed());
            triggers.start(definitions);
        }

        void awaitState(WatchState... states) {
            awaitThat(() -> assertThat(triggers.states()).containsExactlyInAnyOrder(states));
        }

        @Override
        public void close() {
            triggers.close();
            definitions.close();
        }
    }

    @BeforeEach
    void begin() throws InterruptedException {
        try (Admin admin = Admin.create(access.adminProperties())) {
            TopicCreation.ensure(admin, access.topics().fixed(), 2, (short) 1);
        }
        producer = new KafkaProducer<>(access.producerProperties(), new StringSerializer(), new ByteArraySerializer());
        // The last announcement of each file is enough here: the number of all is that of the offsets.
        arrivals = TopicTable.open(access.topics().fileArrivals(), wire, access);
    }

    @AfterEach
    void end() {
        arrivals.close();
        producer.close();
        registry.close();
    }

    private <T extends SpecificRecord> void write(Topic<T> topic, String key, T value) {
        producer.send(
                new ProducerRecord<>(topic.name(), key, wire.encoder(topic).encode(value)));
        producer.flush();
    }

    private void apply(int version, Path watched, String queue) {
        FileWatch watch = FileWatch.newBuilder()
                .setTrigger("drop")
                .setDirectory(watched.toString())
                .setPattern("*.csv")
                .setQueue(queue)
                .setEveryMillis(100)
                .setSettledMillis(0)
                .build();
        write(
                access.topics().pipelines(),
                "load/" + version,
                PipelineDefinition.newBuilder()
                        .setPipeline("load")
                        .setVersion(version)
                        .setWatches(List.of(watch))
                        .build());
    }

    private static WatchState state(int files, String trouble) {
        return WatchState.newBuilder()
                .setPipeline("load")
                .setTrigger("drop")
                .setFiles(files)
                .setTrouble(trouble)
                .build();
    }

    private void awaitArrivals(String... names) {
        awaitThat(() -> assertThat(arrivals.values())
                .extracting(arrival -> Path.of(arrival.getPath()).getFileName().toString())
                .containsExactlyInAnyOrder(names));
    }

    /** Returns once an assertion holds, and fails as it does when it still does not after a long time. */
    private static void awaitThat(Runnable assertion) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Path drop(String name) throws IOException {
        return Files.writeString(directory.resolve(name), name);
    }

    @Test
    void whatAnyWorkerHasAnnouncedNoneAnnouncesAgain() throws Exception {
        drop("a.csv");
        apply(1, directory, "default");
        try (Watcher first = new Watcher("w1")) {
            awaitArrivals("a.csv");
            drop("b.csv");
            awaitArrivals("a.csv", "b.csv");
            first.awaitState(state(2, null));
        }
        long before = written();
        try (Watcher again = new Watcher("w1");
                Watcher second = new Watcher("w2")) {
            again.awaitState(state(2, null));
            second.awaitState(state(2, null));
            assertThat(written()).isEqualTo(before);
            drop("c.csv");
            awaitArrivals("a.csv", "b.csv", "c.csv");
        }
        FileArrival arrival =
                arrivals.get(DROP.keyOf(directory.resolve("c.csv").toString())).orElseThrow();
        assertThat(arrival.getVersion()).isEqualTo(1);
        assertThat(arrival.getDirectory()).isEqualTo(directory.toString());
        assertThat(arrival.getSize()).isEqualTo(5);
        assertThat(arrival.getWorker()).isIn("w1", "w2");
    }

    /** Where the topics of files end, markers of transactions included. */
    private long written() throws Exception {
        try (Admin admin = Admin.create(access.adminProperties())) {
            long sum = 0;
            for (Topic<?> topic :
                    List.of(access.topics().fileArrivals(), access.topics().knownFiles())) {
                Map<TopicPartition, OffsetSpec> all = new HashMap<>();
                admin.describeTopics(List.of(topic.name()))
                        .allTopicNames()
                        .get()
                        .get(topic.name())
                        .partitions()
                        .forEach(each ->
                                all.put(new TopicPartition(topic.name(), each.partition()), OffsetSpec.latest()));
                for (var offset : admin.listOffsets(all).all().get().values()) {
                    sum += offset.offset();
                }
            }
            return sum;
        }
    }

    @Test
    void triggersComeAndChangeAndGoWithVersions() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("x.csv"), "x");
        drop("a.csv");
        try (Watcher watcher = new Watcher("w1")) {
            watcher.awaitState();
            apply(1, directory, "gpu");
            apply(2, other, "default");
            awaitArrivals("x.csv");
            apply(3, directory.resolve("missing"), "default");
            watcher.awaitState(state(0, "there is no directory " + directory.resolve("missing")));
            apply(4, directory, "default");
            awaitArrivals("x.csv", "a.csv");
            apply(5, directory, "gpu");
            watcher.awaitState();
        }
    }

    @Test
    void aPausedTriggerGoesOnWithWhatCameMeanwhile() throws Exception {
        pause(true);
        apply(1, directory, "default");
        drop("a.csv");
        try (Watcher watcher = new Watcher("w1")) {
            watcher.awaitState(state(1, null));
            assertThat(arrivals.values()).isEmpty();
            pause(false);
            awaitArrivals("a.csv");
        }
    }

    private void pause(boolean paused) {
        write(
                access.topics().pauses(),
                "load",
                TriggerPause.newBuilder().setPipeline("load").setPaused(paused).build());
    }

    @Test
    void keysAreOfTriggers() {
        assertThat(TriggerName.ofKey("load/drop//data/a/b")).isEqualTo(DROP);
        assertThat(TriggerName.ofKey("load/drop")).isEqualTo(new TriggerName("", ""));
        assertThat(DROP.keyOf("/data/ü").getBytes(UTF_8)).hasSize(18);
    }
}
