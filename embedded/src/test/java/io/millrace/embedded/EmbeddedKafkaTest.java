package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
    @TempDir
    Path directory;

    @Test
    void keepsRecordsAndGroupOffsetsThroughARestart() throws Exception {
        List<String> values = IntStream.range(0, 20).mapToObj(i -> "v" + i).toList();
        int port;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            port = kafka.port();
            TestingClients.createTopic(kafka.bootstrapServers(), "kept");
            TestingClients.write(kafka.bootstrapServers(), "kept", values);
            for (String protocol : new String[] {"classic", "consumer"}) {
                try (KafkaConsumer<String, String> member = member(kafka, protocol, 20)) {
                    assertThat(TestingClients.read(member, 20)).as(protocol).isEqualTo(values);
                    member.commitSync();
                }
            }
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(TestingClients.read(kafka.bootstrapServers(), "kept", 20))
                    .isEqualTo(values);
            TestingClients.write(kafka.bootstrapServers(), "kept", List.of("after"));
            for (String protocol : new String[] {"classic", "consumer"}) {
                try (KafkaConsumer<String, String> member = member(kafka, protocol, 20)) {
                    assertThat(TestingClients.read(member, 1)).as(protocol).containsExactly("after");
                }
            }
        }
    }

    @Test
    void keepsWhatItAcknowledgedWhenItIsKilled() throws Exception {
        List<String> values = IntStream.range(0, 50).mapToObj(i -> "v" + i).toList();
        try (BrokerProcess broker = BrokerProcess.start(directory)) {
            TestingClients.createTopic(broker.bootstrapServers(), "kept");
            TestingClients.write(broker.bootstrapServers(), "kept", values);
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, 0))
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageContaining("in use by another process (pid " + broker.pid() + ")");
        }
        Instant start = Instant.now();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            System.out.println("Started on a killed broker's directory in " + Duration.between(start, Instant.now()));
            assertThat(TestingClients.read(kafka.bootstrapServers(), "kept", 50))
                    .isEqualTo(values);
        }
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("choose another port");
        }
        // Nothing of the refused start holds the directory.
        EmbeddedKafka.start(directory, 0).close();
    }

    @Test
    void refusesAPortThatIsNone() {
        assertThatThrownBy(() -> EmbeddedKafka.start(directory, 70_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EmbeddedKafka.start(directory, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesNoThreadAndNoLockAfterAFailedStartOrAClose() throws Exception {
        EmbeddedKafka.start(directory, 0).close();
        Set<Thread> before = threads();
        Path metadata = directory.resolve("log/__cluster_metadata-0");
        Path aside = directory.resolve("log/aside");
        Files.move(metadata, aside);
        Files.writeString(metadata, "this is no directory");
        assertThatThrownBy(() -> EmbeddedKafka.start(directory, 0))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining(directory.toString());
        awaitNoThreadsBut(before);
        Files.delete(metadata);
        Files.move(aside, metadata);
        EmbeddedKafka.start(directory, 0).close();
        awaitNoThreadsBut(before);
    }

    @Test
    void createsNoTopicBecauseSomebodyWritesToIt() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            Map<String, Object> impatient =
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", "2000");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(impatient, new StringSerializer(), new StringSerializer())) {
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("unknown", "v"))
                                .get())
                        .hasMessageContaining("unknown");
            }
            assertThat(TestingClients.topics(kafka.bootstrapServers())).doesNotContain("unknown");
        }
    }

    @Test
    void takesLittleOfTheDiskForManyTopics() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            for (int i = 0; i < 10; i++) {
                TestingClients.createTopic(kafka.bootstrapServers(), "topic" + i);
            }
            kafka.close();
            kafka.close();
        }
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            long largest = files.filter(Files::isRegularFile)
                    .map(Path::toFile)
                    .map(File::length)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            assertThat(largest).isLessThan(3L << 20);
        }
    }

    private static KafkaConsumer<String, String> member(EmbeddedKafka kafka, String protocol, int most) {
        Map<String, Object> shared = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                "group-" + protocol,
                "group.protocol",
                protocol,
                "max.poll.records",
                Integer.toString(most),
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false");
        // Clients of the classic protocol choose this themselves, and may go this low.
        Map<String, Object> all = protocol.equals("classic")
                ? Stream.concat(
                                shared.entrySet().stream(),
                                Map.<String, Object>of("session.timeout.ms", "3000", "heartbeat.interval.ms", "500")
                                        .entrySet()
                                        .stream())
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))
                : shared;
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of("kept"));
        return consumer;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .collect(Collectors.toSet());
    }

    private static void awaitNoThreadsBut(Set<Thread> before) throws InterruptedException {
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                thread.join(Duration.ofSeconds(30).toMillis());
            }
        }
        assertThat(threads()).isSubsetOf(before);
    }
}
