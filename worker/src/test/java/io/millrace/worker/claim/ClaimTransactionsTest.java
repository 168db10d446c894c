package io.millrace.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.TestingPlatform;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.group.WorkerLife;
import io.millrace.worker.claim.ClaimBatch.Fate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real thing, but for answers of Kafka that are lost on their way to the producer. */
@Timeout(120)
class ClaimTransactionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaAccess platform =
            TestingPlatform.shared().access(TestingPlatform.shared().uniquePrefix());
    private final KafkaAccess access = new KafkaAccess(
            platform.bootstrapServers(),
            platform.registryUrl(),
            platform.topicPrefix(),
            Map.of("consumer.max.poll.interval.ms", "3000"));
    private final KafkaClients clients = new KafkaClients(access, new WorkerLife("w", "1"));
    private final String tasks = access.topicPrefix() + "tasks.default";
    private final String events = access.topicPrefix() + "task-events";
    private final TopicPartition partition = new TopicPartition(tasks, 0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private Consumer<byte[], byte[]> consumer;
    private ClaimBatch batch;

    @BeforeEach
    void poll() throws ExecutionException, InterruptedException {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic(tasks, 1, (short) 1), new NewTopic(events, 1, (short) 1)))
                    .all()
                    .get();
        }
        try (Producer<byte[], byte[]> producer = clients.reports("test")) {
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(tasks, new byte[] {(byte) i}))
                        .get();
            }
        }
        consumer = clients.tasks(10);
        consumer.subscribe(List.of(tasks));
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
        while (polled.size() < 3) {
            consumer.poll(Duration.ofMillis(100)).forEach(polled::add);
        }
        batch = batch("life/1", polled);
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void commitsRecordsAndOffsetsTogether() throws InterruptedException {
        try (ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping)) {
            assertThat(claims.open()).isTrue();
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.COMMITTED);
        }
        assertThat(committed()).isEqualTo(3);
        assertThat(published()).isEqualTo(3);
    }

    @Test
    void findsOutThatItCommittedWhenTheAnswerWasLost() throws InterruptedException {
        List<String> cut = new ArrayList<>(List.of("after"));
        try (ClaimTransactions claims = new ClaimTransactions(() -> cutOnce(cut), stopping)) {
            assertThat(claims.open()).isTrue();
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.COMMITTED);
        }
        assertThat(cut).isEmpty();
        assertThat(committed()).isEqualTo(3);
        assertThat(published()).isEqualTo(3);
    }

    @Test
    void findsOutThatItDidNotCommitWhenTheRequestWasLostAndCommitsTheNext() throws InterruptedException {
        List<String> cut = new ArrayList<>(List.of("before"));
        try (ClaimTransactions claims = new ClaimTransactions(() -> cutOnce(cut), stopping)) {
            assertThat(claims.open()).isTrue();
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.ABORTED);
            assertThat(committed()).isZero();
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.COMMITTED);
        }
        assertThat(published()).isEqualTo(3);
    }

    @Test
    void isFencedByItsNextLifeAndGoesOnWithANewProducer() throws InterruptedException {
        try (ClaimTransactions zombie = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping);
                ClaimTransactions next = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping)) {
            assertThat(zombie.open()).isTrue();
            assertThat(next.open()).isTrue();
            assertThat(zombie.commit(batch, consumer)).isEqualTo(Fate.ABORTED);
            assertThat(committed()).isZero();
            assertThat(zombie.commit(batch, consumer)).isEqualTo(Fate.COMMITTED);
        }
        assertThat(published()).isEqualTo(3);
    }

    @Test
    void claimsNothingWhileItIsNoMember() throws InterruptedException {
        try (ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping)) {
            assertThat(claims.open()).isTrue();
            consumer.unsubscribe();
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.ABORTED);
        }
        assertThat(committed()).isZero();
        assertThat(published()).isZero();
    }

    @Test
    void claimsNothingOfAPartitionThatAnotherMemberHasTakenOver() throws InterruptedException {
        try (ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping);
                Consumer<byte[], byte[]> other = new KafkaClients(access, new WorkerLife("other", "1")).tasks(10)) {
            assertThat(claims.open()).isTrue();
            other.subscribe(List.of(tasks));
            List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
            // This one does not poll, and after max.poll.interval its partition is the other's.
            while (taken.size() < 3) {
                other.poll(Duration.ofMillis(100)).forEach(taken::add);
            }
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.ABORTED);
            assertThat(committed(other)).isZero();
            assertThat(claims.commit(batch("other/1", taken), other)).isEqualTo(Fate.COMMITTED);
            assertThat(claims.commit(batch, consumer)).isEqualTo(Fate.ABORTED);
        }
        assertThat(published()).isEqualTo(3);
    }

    @Test
    void givesUpWaitingWhenTheWorkerStops() throws InterruptedException {
        stopping.countDown();
        try (ClaimTransactions claims = new ClaimTransactions(() -> clients.claims(PATIENCE), stopping)) {
            assertThat(claims.open()).isFalse();
        }
    }

    private ClaimBatch batch(String name, List<ConsumerRecord<byte[], byte[]>> polled) {
        ClaimBatch made = new ClaimBatch(name);
        polled.forEach(record -> made.putAside(record, new ProducerRecord<>(events, record.value())));
        return made;
    }

    private long committed() {
        return committed(consumer);
    }

    private long committed(Consumer<byte[], byte[]> by) {
        Map<TopicPartition, OffsetAndMetadata> offsets = by.committed(Set.of(partition));
        OffsetAndMetadata offset = offsets.get(partition);
        return offset == null ? 0 : offset.offset();
    }

    /** How many records a reader of committed records finds. */
    private int published() {
        TopicPartition only = new TopicPartition(events, 0);
        try (Consumer<byte[], byte[]> reader = clients.control()) {
            reader.assign(List.of(only));
            reader.seekToBeginning(List.of(only));
            long end = reader.endOffsets(List.of(only)).getOrDefault(only, 0L);
            int found = 0;
            while (reader.position(only) < end) {
                found += reader.poll(Duration.ofMillis(100)).count();
            }
            return found;
        }
    }

    /** A real producer, of which the first commit's request or answer is lost. */
    @SuppressWarnings("unchecked")
    private Producer<byte[], byte[]> cutOnce(List<String> cut) {
        Producer<byte[], byte[]> real = clients.claims(PATIENCE);
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, args) -> {
                    try {
                        if (method.getName().equals("commitTransaction") && !cut.isEmpty()) {
                            if (cut.remove(0).equals("after")) {
                                real.commitTransaction();
                            }
                            throw new TimeoutException("lost");
                        }
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
