package io.millrace.worker.claim;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.group.WorkerGroup;
import io.millrace.schemas.group.WorkerLife;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the worker's Kafka clients; all that they have to be set to for the guarantees to hold is here. */
final class KafkaClients {
    /**
     * How long an answer is waited for before the connection is given up and the request is sent again by another: what was cut off for a moment
     * may hang in a dead connection for Kafka's half minute otherwise.
     */
    private static final int ANSWER_MILLIS = 10_000;

    /** How large a request may grow when there is much to say. */
    private static final int BATCH_BYTES = 256 << 10;

    /** Claims wait for company until their transaction is committed, which sends them. */
    private static final int CLAIM_LINGER_MILLIS = 100;

    /** While a claim's transaction is open nobody reads what lies behind its records, so that here less patience is right. */
    private static final int CLAIM_ANSWER_MILLIS = 5_000;

    /** After this Kafka aborts a transaction of a worker that lives, but does not come to its end. */
    private static final int CLAIM_MILLIS = 15_000;

    private static final String MOST = Integer.toString(Integer.MAX_VALUE);

    private final KafkaAccess access;
    private final WorkerLife life;
    private final String worker;

    KafkaClients(KafkaAccess access, WorkerLife life) {
        this.access = access;
        this.life = life;
        this.worker = life.worker();
    }

    Admin admin() {
        return Admin.create(access.adminProperties());
    }

    /**
     * The group's consumer. It reads what is committed, and a partition's offset only when no transaction on it is open any more ("require stable"):
     * so a claim that the former owner was about to commit is seen by the next. Without an offset it begins at the beginning: a new queue's first tasks
     * were dispatched before its first worker came.
     *
     * <p>It is a static member, so that others can take it from the group when it is dead ({@link WorkerGroup}). So it has to leave explicitly: when it
     * is closed as usual, or unsubscribes, Kafka keeps its partitions for it.
     */
    Consumer<byte[], byte[]> tasks(int maxPollRecords) {
        Map<String, Object> properties = access.consumerProperties();
        properties.put("group.id", access.topics().workerGroup());
        properties.put("group.instance.id", life.memberName());
        properties.put("client.id", worker);
        properties.put("group.protocol", "consumer");
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", maxPollRecords);
        properties.putIfAbsent("request.timeout.ms", ANSWER_MILLIS);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    WorkerGroup group() {
        return new WorkerGroup(access);
    }

    /** A consumer outside any group. */
    Consumer<byte[], byte[]> control() {
        Map<String, Object> properties = access.consumerProperties();
        properties.put("client.id", worker + "-control");
        properties.put("auto.offset.reset", "latest");
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The claims' producer. Its transactional id outlives the worker: a new life ends at once what the last one had begun. */
    Producer<byte[], byte[]> claims(Duration patience) {
        Map<String, Object> properties =
                access.transactionalProducerProperties(access.topics().claimTransactions(worker));
        properties.put("client.id", worker + "-claims");
        properties.put("max.block.ms", patience.toMillis());
        properties.putIfAbsent("request.timeout.ms", CLAIM_ANSWER_MILLIS);
        properties.putIfAbsent("transaction.timeout.ms", CLAIM_MILLIS);
        properties.put("linger.ms", CLAIM_LINGER_MILLIS);
        properties.putIfAbsent("batch.size", BATCH_BYTES);
        return producer(properties);
    }

    /** Outcomes and logs are kept and sent again for as long as it takes. */
    Producer<byte[], byte[]> reports(String purpose) {
        Map<String, Object> properties = access.producerProperties();
        properties.put("client.id", worker + "-" + purpose.toLowerCase(Locale.ROOT));
        properties.put("delivery.timeout.ms", MOST);
        properties.put("max.block.ms", Long.toString(Long.MAX_VALUE));
        properties.putIfAbsent("request.timeout.ms", ANSWER_MILLIS);
        // A lone report is sent at once; while one is on its way others gather, and go together.
        properties.put("linger.ms", 0);
        properties.putIfAbsent("max.in.flight.requests.per.connection", 1);
        properties.putIfAbsent("batch.size", BATCH_BYTES);
        return producer(properties);
    }

    /** A heartbeat that is late is worth nothing: it is dropped, and the next one is sent. */
    Producer<byte[], byte[]> heartbeats() {
        Map<String, Object> properties = access.producerProperties();
        properties.put("client.id", worker + "-heartbeats");
        properties.put("request.timeout.ms", 5_000);
        properties.put("delivery.timeout.ms", 10_000);
        properties.put("max.block.ms", 5_000);
        properties.put("linger.ms", 0);
        return producer(properties);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
