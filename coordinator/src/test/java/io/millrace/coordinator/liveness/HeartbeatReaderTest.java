package io.millrace.coordinator.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.millrace.embedded.TestingPlatform;
import io.millrace.engine.Claimant;
import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.WireFormat;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class HeartbeatReaderTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

    /** G7: however often others are heard, so that the topic's end never stands still. */
    @Test
    void endsTheLeaseOfTheSilentWhileManyOthersAreHeard() throws Exception {
        TestingPlatform platform = TestingPlatform.shared();
        KafkaAccess kafka = platform.access(platform.uniquePrefix());
        Topics topics = kafka.topics();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            TopicCreation.ensure(admin, List.of(topics.workerHeartbeats()), 1, (short) 1);
        }
        Claimant silent = new Claimant("silent", "1");
        Claimant loud = new Claimant("loud", "1");
        try (SchemaRegistryClient registry = new SchemaRegistryClient(kafka.registryUrl());
                Producer<String, byte[]> producer = new KafkaProducer<>(
                        kafka.producerProperties(), new StringSerializer(), new ByteArraySerializer())) {
            WireFormat wire = new WireFormat(registry);
            try (HeartbeatReader reader = new HeartbeatReader(
                    kafka.consumerProperties(),
                    topics.workerHeartbeats(),
                    wire.decoder(topics.workerHeartbeats()),
                    LEASE)) {
                Instant begin = Instant.now();
                Instant end = begin;
                while (reader.ended(silent).isEmpty() && end.isBefore(begin.plus(LONG_ENOUGH))) {
                    // Each acknowledged before the next is sent, and none of them apart by more than a moment.
                    producer.send(new ProducerRecord<>(
                                    topics.workerHeartbeats().name(),
                                    loud.worker(),
                                    wire.encoder(topics.workerHeartbeats()).encode(heartbeatOf(loud))))
                            .get();
                    end = Instant.now();
                }

                assertThat(reader.ended(silent)).as("the silent one is lost").isPresent();
                assertThat(Duration.between(begin, end)).isGreaterThan(LEASE.minusMillis(100));
                assertThat(reader.ended(loud)).as("the loud one is not").isEmpty();
            }
        }
    }

    /** A registry that refuses for a while, as one with a new password does, costs time and nothing else. */
    @Test
    void goesOnWhenTheRegistryNoLongerRefuses() throws Exception {
        TestingPlatform platform = TestingPlatform.shared();
        KafkaAccess kafka = platform.access(platform.uniquePrefix());
        Topics topics = kafka.topics();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            TopicCreation.ensure(admin, List.of(topics.workerHeartbeats()), 1, (short) 1);
        }
        Claimant silent = new Claimant("silent", "1");
        Claimant loud = new Claimant("loud", "1");
        AtomicBoolean refuses = new AtomicBoolean(true);
        AtomicInteger refused = new AtomicInteger();
        HttpServer guarded = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        guarded.createContext("/", exchange -> {
            byte[] answer = refuses.get()
                    ? "{\"error_code\": 401, \"message\": \"who are you?\"}".getBytes(StandardCharsets.UTF_8)
                    : kafka.registryUrl()
                            .resolve(exchange.getRequestURI())
                            .toURL()
                            .openStream()
                            .readAllBytes();
            exchange.sendResponseHeaders(refuses.get() ? 401 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            refused.addAndGet(refuses.get() ? 1 : 0);
        });
        guarded.start();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(kafka.registryUrl());
                SchemaRegistryClient guardedRegistry = new SchemaRegistryClient(
                        URI.create("http://127.0.0.1:" + guarded.getAddress().getPort()));
                Producer<String, byte[]> producer = new KafkaProducer<>(
                        kafka.producerProperties(), new StringSerializer(), new ByteArraySerializer())) {
            WireFormat wire = new WireFormat(registry);
            try (HeartbeatReader reader = new HeartbeatReader(
                    kafka.consumerProperties(),
                    topics.workerHeartbeats(),
                    new WireFormat(guardedRegistry).decoder(topics.workerHeartbeats()),
                    LEASE)) {
                Instant limit = Instant.now().plus(LONG_ENOUGH);
                while (reader.ended(silent).isEmpty() && Instant.now().isBefore(limit)) {
                    producer.send(new ProducerRecord<>(
                                    topics.workerHeartbeats().name(),
                                    loud.worker(),
                                    wire.encoder(topics.workerHeartbeats()).encode(heartbeatOf(loud))))
                            .get();
                    refuses.set(refused.get() < 3);
                }

                assertThat(refused).as("it asked again and again").hasValueGreaterThanOrEqualTo(3);
                assertThat(reader.ended(silent)).as("the silent one is lost").isPresent();
                assertThat(reader.ended(loud)).as("the loud one is not").isEmpty();
            }
        } finally {
            guarded.stop(0);
        }
    }

    private static WorkerHeartbeat heartbeatOf(Claimant worker) {
        return WorkerHeartbeat.newBuilder()
                .setWorker(worker.worker())
                .setIncarnation(worker.incarnation())
                .setState(WorkerState.RUNNING)
                .build();
    }
}
