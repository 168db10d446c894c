package io.millrace.worker.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.FileArrival;
import io.millrace.event.KnownFile;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Announcements on the topics of Kafka: what is announced, and that it is known from then on, is one transaction.
 *
 * <p><b>Threading:</b> any number of threads; one at a time writes.
 */
final class KafkaAnnouncements implements Announcements, AutoCloseable {
    private static final int TRANSACTION_LIMIT_MILLIS = 10_000;
    private static final int BLOCK_LIMIT_MILLIS = 10_000;
    private static final int LINGER_MILLIS = 100;

    private final KafkaAccess kafka;
    private final String worker;
    private final Clock clock;
    private final Encoder<FileArrival> arrivals;
    private final Encoder<KnownFile> known;
    private final TopicTable<KnownFile> table;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    private KafkaAnnouncements(KafkaAccess kafka, WireFormat wire, String worker, Clock clock) {
        this.kafka = kafka;
        this.worker = worker;
        this.clock = clock;
        this.arrivals = wire.encoder(topics().fileArrivals());
        this.known = wire.encoder(topics().knownFiles());
        this.table = TopicTable.open(topics().knownFiles(), wire, kafka);
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    static KafkaAnnouncements open(KafkaAccess kafka, WireFormat wire, String worker, Clock clock) {
        return new KafkaAnnouncements(kafka, wire, worker, clock);
    }

    @Override
    public Optional<KnownFile> known(TriggerName trigger, String path) {
        return table.get(trigger.keyOf(path));
    }

    @Override
    public void awaitRead(Duration limit) throws InterruptedException, TimeoutException {
        table.awaitEnd(limit);
    }

    @Override
    public void write(Watched watched, List<SeenFile> arrived, List<SeenFile> remembered) {
        Instant now = clock.instant();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (SeenFile file : arrived) {
            FileArrival arrival = FileArrival.newBuilder()
                    .setPipeline(watched.name().pipeline())
                    .setVersion(watched.version())
                    .setTrigger(watched.name().trigger())
                    .setPath(file.path())
                    .setDirectory(watched.directory())
                    .setSize(file.size())
                    .setModified(file.modified())
                    .setWorker(worker)
                    .setAt(now)
                    .build();
            records.add(record(
                    topics().fileArrivals().name(),
                    watched.name().keyOf(file.path()),
                    arrivals.encode(arrival),
                    "io.millrace.file.arrived",
                    now));
        }
        arrived.forEach(file -> records.add(known(watched, file, now)));
        remembered.forEach(file -> records.add(known(watched, file, now)));
        commit(records);
    }

    @Override
    public void forget(Predicate<TriggerName> of, Instant before) {
        List<ProducerRecord<byte[], byte[]>> tombstones = new ArrayList<>();
        Instant now = clock.instant();
        for (Map.Entry<String, KnownFile> each : table.asMap().entrySet()) {
            if (each.getValue().getSeenAt().isBefore(before) && of.test(TriggerName.ofKey(each.getKey()))) {
                tombstones.add(
                        record(topics().knownFiles().name(), each.getKey(), null, "io.millrace.file.forgotten", now));
            }
        }
        for (int from = 0; from < tombstones.size(); from += Look.BATCH) {
            commit(tombstones.subList(from, Math.min(tombstones.size(), from + Look.BATCH)));
        }
    }

    private ProducerRecord<byte[], byte[]> known(Watched watched, SeenFile file, Instant now) {
        KnownFile value = KnownFile.newBuilder()
                .setSize(file.size())
                .setModified(file.modified())
                .setSeenAt(now)
                .build();
        return record(
                topics().knownFiles().name(),
                watched.name().keyOf(file.path()),
                known.encode(value),
                "io.millrace.file.known",
                now);
    }

    private ProducerRecord<byte[], byte[]> record(
            String topic, String key, byte @Nullable [] value, String type, Instant now) {
        String id = type.substring(type.lastIndexOf('.') + 1) + "/" + key + "@" + now.toEpochMilli();
        return new ProducerRecord<>(
                topic,
                null,
                now.toEpochMilli(),
                key.getBytes(UTF_8),
                value,
                EventHeaders.of(type, "/worker/" + worker, id, now, null));
    }

    /** All of the records, or none. What it throws leaves open which, where the last answer was lost. */
    private synchronized void commit(List<ProducerRecord<byte[], byte[]>> records) {
        if (closed) {
            throw new IllegalStateException("the worker ends");
        }
        try {
            Producer<byte[], byte[]> open = opened();
            open.beginTransaction();
            records.forEach(open::send);
            open.commitTransaction();
        } catch (RuntimeException e) {
            discard();
            throw e;
        }
    }

    /** A producer whose beginning has ended whatever an earlier one of this worker had under way. */
    private Producer<byte[], byte[]> opened() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            String id = topics().fileTransactions(worker);
            Map<String, Object> properties = kafka.transactionalProducerProperties(id);
            properties.put("client.id", worker + "-files");
            properties.put("transaction.timeout.ms", TRANSACTION_LIMIT_MILLIS);
            properties.put("max.block.ms", BLOCK_LIMIT_MILLIS);
            properties.put("linger.ms", LINGER_MILLIS);
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open; // Kept at once, so that it is closed when it cannot begin.
            open.initTransactions();
        }
        return open;
    }

    private void discard() {
        Producer<byte[], byte[]> failed = producer;
        producer = null;
        if (failed != null) {
            failed.close(Duration.ZERO);
        }
    }

    private Topics topics() {
        return kafka.topics();
    }

    @Override
    public void close() {
        table.close();
        synchronized (this) {
            closed = true;
            discard();
        }
    }
}
