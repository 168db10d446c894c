package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.cli.local.LocalPlatform;
import io.millrace.cli.local.LocalPlatformConfig;
import io.millrace.cli.local.StartListener;
import io.millrace.event.TriggerEvent;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * G8 for every topic that any process of ours reads: what cannot be read there is a dead letter or a skip that is logged, and everything else goes on,
 * also when all of it is read again after a restart.
 */
class PoisonIT {
    private static final String FILE = """
            id: steady
            inputs: {n: {type: integer, default: 1}}
            tasks:
              - {id: say, shell: 'echo "n is $N"', env: {N: "${{ inputs.n }}"}}
              - {id: check, needs: say, shell: "true"}
            """;
    private static final String HEARD = "poison-it-orders";
    private static final String DATED = """
            id: dated
            triggers: [{id: daily, schedule: {every: 1d, end: 2026-01-03}}]
            tasks: [{id: pass, wait: 1ms}]
            """;

    private static final String LISTENING = """
            id: listening
            triggers: [{id: orders, kafka: {topic: %s, from: earliest}}]
            tasks: [{id: a, shell: "true"}]
            """.formatted(HEARD);
    private static final String WATCHING = """
            id: watching
            triggers: [{id: drop, files: {directory: "%s", every: 100ms, settled: 0s}}]
            tasks: [{id: a, shell: "true"}]
            """;
    private static final String PATIENT = """
            id: patient
            concurrency: 1
            tasks: [{id: lie, shell: sleep 600}]
            alerts: [{id: ended, on: run.cancelled, to: [nobody]}]
            """;
    /** Waits for a pipeline that there is, and for one that there is not. */
    private static final String FOLLOWING = """
            id: following
            triggers: [{id: both, upstream: {all: [patient, nobody], on: run.ended}}]
            tasks: [{id: a, shell: "true"}]
            """;

    @TempDir
    Path directory;

    private final Topics topics = Topics.standard();

    @Test
    void everyTopicBearsEveryPoison() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger ours = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("io.millrace");
        Level before = ours.getLevel();
        ours.setLevel(Level.WARN);
        ours.addAppender(log);
        log.start();
        LocalPlatformConfig config = LocalPlatformConfig.onFreePorts(
                        directory.resolve("data"), Set.of(QueueName.DEFAULT))
                .actingOnTriggers();
        try {
            List<String> runs = new ArrayList<>();
            try (LocalPlatform platform = LocalPlatform.start(config, StartListener.NONE)) {
                Planter planter = new Planter(platform.kafka());
                apply(platform, "steady", FILE);
                apply(platform, "patient", PATIENT);
                apply(platform, "following", FOLLOWING);
                apply(platform, "dated", DATED);
                Path drop = Files.createDirectory(directory.resolve("drop"));
                Files.createFile(drop.resolve("a.csv"));
                apply(platform, "watching", WATCHING.formatted(drop));
                planter.create(HEARD);
                apply(platform, "listening", LISTENING);
                runs.add(run(platform));
                fillEveryTopic(platform, planter);

                Set<String> expected = planter.plantEverywhere();

                runs.add(run(platform));
                Until.holds(
                        "what cannot be read of what is acted upon is a dead letter",
                        () -> planter.deadLetters().containsAll(expected));
                runs.add(run(platform));
                assertAnswers(platform, runs);
            }
            for (Topic<?> skipping : List.of(
                    topics.pipelines(),
                    topics.pauses(),
                    topics.pools(),
                    topics.listeners(),
                    topics.backfillStates(),
                    topics.alerts(),
                    topics.knownFiles(),
                    topics.runEvents(),
                    topics.workerHeartbeats(),
                    topics.workerControl())) {
                assertThat(log.list)
                        .as("skips of %s are logged", skipping.name())
                        .anyMatch(event -> says(event, skipping));
            }
            try (LocalPlatform again = LocalPlatform.start(config, StartListener.NONE)) {
                runs.add(run(again));
                assertAnswers(again, runs);
            }
            assertThat(log.list)
                    .as("what was planted writes no lines of its own")
                    .allSatisfy(event -> assertThat(event.getFormattedMessage())
                            .hasSizeLessThan(4_000)
                            .doesNotContain("\n", "\u202e"));
            assertThat(log.list).as("nothing was unexpected").noneMatch(event -> event.getLevel() == Level.ERROR);
        } finally {
            ours.detachAppender(log);
            ours.setLevel(before);
        }
    }

    private boolean says(ILoggingEvent event, Topic<?> topic) {
        String message = event.getFormattedMessage();
        return message.contains(topic.name())
                || topic.equals(topics.workerHeartbeats()) && message.startsWith("A heartbeat at offset")
                || topic.equals(topics.workerControl()) && message.startsWith("A record of worker-control");
    }

    private void apply(LocalPlatform platform, String id, String yaml) throws IOException {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), yaml);
        Cli.at(platform.apiUrl(), "apply", file.toString()).ended(0);
    }

    /** A run from its start to its end. */
    private static String run(LocalPlatform platform) {
        RunView ended = Json.as(
                RunView.class,
                Cli.at(platform.apiUrl(), "trigger", "steady", "-i", "n=7", "--wait", "-o", "json")
                        .ended(0)
                        .json());
        return ended.id();
    }

    /** A cancellation with an alert about it, a pause, a pool, a trigger, and a dead letter of its own making: with these there is something on each topic. */
    private void fillEveryTopic(LocalPlatform platform, Planter planter) {
        String patient =
                Cli.at(platform.apiUrl(), "trigger", "patient").ended(0).out().strip();
        Until.holds(
                "it runs",
                () ->
                        Json.as(
                                        RunView.class,
                                        Cli.at(platform.apiUrl(), "show", patient, "-o", "json")
                                                .json())
                                .tasks()
                                .stream()
                                .anyMatch(task -> task.status().equals("running")));
        Cli.at(platform.apiUrl(), "cancel", patient).ended(0);
        Cli.at(platform.apiUrl(), "pause", "patient").ended(0);
        Cli.at(platform.apiUrl(), "pools", "set", "warehouse", "5").ended(0);
        Cli.at(platform.apiUrl(), "backfill", "dated", "--from", "2026-01-01", "--to", "2026-01-02")
                .ended(0);
        planter.trigger("steady");
        planter.trigger("unknown");
        topics.fixed()
                .forEach(topic -> Until.holds(
                        "there is something on " + topic.name(),
                        () -> planter.last(topic.name()).isPresent()));
    }

    private static void assertAnswers(LocalPlatform platform, List<String> runs) throws Exception {
        for (String path : List.of(
                "runs",
                "pipelines",
                "pipelines/steady",
                "triggers",
                "workers",
                "queues",
                "backfills",
                "alerts",
                "dead-letters",
                "info",
                "runs?status=failed")) {
            assertThat(get(platform, path)).as(path).isNotEmpty();
        }
        String listed = get(platform, "runs?pipeline=steady&limit=100");
        for (String run : runs) {
            assertThat(listed).contains(run);
            assertThat(get(platform, "runs/" + run)).contains("\"succeeded\"");
            assertThat(get(platform, "runs/" + run + "/events")).contains("\"run_succeeded\"");
            assertThat(get(platform, "runs/" + run + "/tasks/say/logs")).contains("n is 7");
            assertThat(get(platform, "runs/" + run + "/why")).contains("succeeded");
        }
        assertThat(status(platform, "/readyz")).isEqualTo(200);
        assertThat(status(platform, "/metrics")).isEqualTo(200);
    }

    private static String get(LocalPlatform platform, String path) throws Exception {
        HttpResponse<String> answer = answer(platform, "/api/v1/" + path);
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static int status(LocalPlatform platform, String path) throws Exception {
        return answer(platform, path).statusCode();
    }

    private static HttpResponse<String> answer(LocalPlatform platform, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(platform.apiUrl() + path))
                                .timeout(Until.LIMIT)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Reads what is on the topics, and writes poison to them. */
    private final class Planter {
        private final KafkaAccess access;

        Planter(KafkaAccess access) {
            this.access = access;
        }

        /** Writes every poison to every topic; answers the keys that the dead letters of the unreadable ones will have. */
        Set<String> plantEverywhere() throws Exception {
            Set<String> actedUpon = Set.of(
                    topics.triggers().name(),
                    topics.runCommands().name(),
                    topics.taskEvents().name(),
                    topics.admissions().name(),
                    topics.upstreamEnds().name(),
                    topics.backfills().name(),
                    topics.alertSignals().name(),
                    topics.fileArrivals().name(),
                    topics.tasks(QueueName.DEFAULT).name());
            List<String> names = new ArrayList<>();
            topics.fixed().forEach(topic -> names.add(topic.name()));
            names.add(topics.tasks(QueueName.DEFAULT).name());
            Set<String> expected = new HashSet<>();
            byte[] trigger = last(topics.triggers().name()).orElseThrow().value();
            byte[] heartbeat =
                    last(topics.workerHeartbeats().name()).orElseThrow().value();
            try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl());
                    KafkaProducer<byte[], byte[]> producer = producer()) {
                for (String name : names) {
                    ConsumerRecord<byte[], byte[]> real = last(name).orElseThrow();
                    byte[] other = name.equals(topics.triggers().name()) ? heartbeat : trigger;
                    for (Poison poison : Poison.of(name, real.key(), real.value(), other, registry)) {
                        boolean compacted = name.equals(topics.pipelines().name())
                                || name.equals(topics.pauses().name())
                                || name.equals(topics.pools().name())
                                || name.equals(topics.listeners().name())
                                || name.equals(topics.backfillStates().name())
                                || name.equals(topics.alerts().name())
                                || name.equals(topics.knownFiles().name());
                        if (compacted && poison.key() == null) {
                            continue; // Kafka itself refuses it.
                        }
                        // There a tombstone is no poison, but what deletes a definition.
                        byte[] key = compacted && poison.value() == null
                                ? "poison/1".getBytes(StandardCharsets.UTF_8)
                                : poison.key();
                        RecordMetadata at = producer.send(
                                        new ProducerRecord<>(name, real.partition(), key, poison.value()))
                                .get();
                        if (!poison.readable() && actedUpon.contains(name)) {
                            expected.add(name + "-" + at.partition() + "-" + at.offset());
                        }
                    }
                }
            }
            return expected;
        }

        void trigger(String pipeline) {
            TriggerEvent event = TriggerEvent.newBuilder()
                    .setPipeline(pipeline)
                    .setSource("test")
                    .build();
            try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl());
                    KafkaProducer<byte[], byte[]> producer = producer()) {
                byte[] value =
                        new WireFormat(registry).encoder(topics.triggers()).encode(event);
                producer.send(new ProducerRecord<>(topics.triggers().name(), value));
            }
        }

        void create(String topic) throws Exception {
            try (Admin admin = Admin.create(access.adminProperties())) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                        .all()
                        .get();
            }
        }

        Set<String> deadLetters() {
            Set<String> keys = new HashSet<>();
            read(topics.deadLetters().name()).forEach(record -> {
                if (record.key() != null) {
                    keys.add(new String(record.key(), StandardCharsets.UTF_8));
                }
            });
            return keys;
        }

        /** The last record with a value; empty while there is none. */
        Optional<ConsumerRecord<byte[], byte[]>> last(String topic) {
            return read(topic).stream().filter(record -> record.value() != null).reduce((one, next) -> next);
        }

        private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                }
            }
            return records;
        }

        private KafkaProducer<byte[], byte[]> producer() {
            return new KafkaProducer<>(
                    access.producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
        }
    }
}
