package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.deadletter.PutAside;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.ListenedPartition;
import io.millrace.event.RunCommand;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from the records of a topic, gathered first and then written in one transaction with the positions: all of it, or nothing.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Outbox {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    private static final String SOURCE = "/millrace/coordinator";
    private static final int TRANSACTION_LIMIT_MILLIS = 10_000;
    private static final int BLOCK_LIMIT_MILLIS = 10_000;
    private static final int BATCH_BYTES = 256 << 10;
    /** So that a transaction is over long before its time is, whatever triggers make of a few records. */
    private static final int MOST_RECORDS = 4_000;

    /** A topic full of what cannot be read shall not fill the log as well: the letters are on their topic. */
    private static final Duration BETWEEN_WARNINGS = Duration.ofSeconds(10);

    private final KafkaAccess kafka;
    private final String transactionalId;
    private final Topic<RunCommand> commandTopic;
    private final Topic<DeadLetter> letterTopic;
    private final Topic<ListenedPartition> positionTopic;
    private final Encoder<RunCommand> commands;
    private final Encoder<DeadLetter> letters;
    private final Encoder<ListenedPartition> positions;
    private final ListenCounts counts;
    private final Clock clock;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private int runs;
    private int putAside;
    private int unsaid;
    private long warnedAtNanos = System.nanoTime() - BETWEEN_WARNINGS.toNanos();
    private @Nullable Producer<byte[], byte[]> producer;

    Outbox(KafkaAccess kafka, WireFormat wire, String transactionalId, ListenCounts counts, Clock clock) {
        this.kafka = kafka;
        this.transactionalId = transactionalId;
        this.commandTopic = kafka.topics().runCommands();
        this.letterTopic = kafka.topics().deadLetters();
        this.positionTopic = kafka.topics().listeners();
        this.commands = wire.encoder(commandTopic);
        this.letters = wire.encoder(letterTopic);
        this.positions = wire.encoder(positionTopic);
        this.counts = counts;
        this.clock = clock;
    }

    /** Makes sure that it can be written, and that whatever an earlier life had under way is ended. */
    void open() {
        if (producer != null) {
            return;
        }
        Map<String, Object> properties = kafka.transactionalProducerProperties(transactionalId);
        properties.put("client.id", transactionalId);
        properties.put("transaction.timeout.ms", TRANSACTION_LIMIT_MILLIS);
        properties.put("max.block.ms", BLOCK_LIMIT_MILLIS);
        properties.put("batch.size", BATCH_BYTES);
        // All is sent when the transaction is committed; until then records wait for company.
        properties.put("linger.ms", 100);
        Producer<byte[], byte[]> opened =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            opened.initTransactions();
            producer = opened;
        } finally {
            if (producer == null) {
                opened.close(Duration.ZERO);
            }
        }
    }

    /** A run is to be started. */
    void start(RunCommand command) {
        Instant now = command.getRequestedAt();
        String trace = command.getTrigger()
                .flatMap(trigger -> trigger.getTraceparent())
                .orElse(null);
        add(
                commandTopic,
                command.getRunId(),
                commands.encode(command),
                now,
                EventHeaders.of("io.millrace.run.start", SOURCE, command.getRunId(), now, trace));
        runs++;
    }

    /** A record cannot be dealt with. @param by the trigger that it was put aside by */
    void putAside(ConsumerRecord<byte[], byte[]> record, ListenerId by, DeadLetterReason reason, String why) {
        String message = PutAside.legible("the trigger " + by + ": " + why);
        String id = record.topic() + "-" + record.partition() + "-" + record.offset();
        warn(id, message);
        Instant now = clock.instant();
        DeadLetter letter = new PutAside(
                        record.topic(), record.partition(), record.offset(), record.key(), record.value())
                .letter(reason, message, now, by.toString());
        add(
                letterTopic,
                id,
                letters.encode(letter),
                now,
                EventHeaders.of("io.millrace.dead_letter", SOURCE, id, now, null));
        putAside++;
    }

    private void warn(String id, String message) {
        long now = System.nanoTime();
        if (now - warnedAtNanos < BETWEEN_WARNINGS.toNanos()) {
            unsaid++;
            return;
        }
        log.warn("{} put aside: {}{}", id, message, unsaid == 0 ? "" : " (and " + unsaid + " before it)");
        warnedAtNanos = now;
        unsaid = 0;
    }

    /** How far a partition is read. */
    void position(ListenedPartition position) {
        String key = key(position.getTopic(), position.getPartition());
        add(
                positionTopic,
                key,
                positions.encode(position),
                position.getAt(),
                EventHeaders.of(
                        "io.millrace.listeners.moved",
                        SOURCE,
                        key + "/" + position.getOffset(),
                        position.getAt(),
                        null));
    }

    /** The key of a partition on the topic of listeners. */
    static String key(String topic, int partition) {
        return topic + "/" + partition;
    }

    private void add(Topic<?> topic, String key, byte[] value, Instant at, Headers headers) {
        records.add(new ProducerRecord<>(topic.name(), null, at.toEpochMilli(), key.getBytes(UTF_8), value, headers));
    }

    /** Whether anything follows from what was read. */
    boolean isEmpty() {
        return runs == 0 && putAside == 0;
    }

    /** Whether there is enough for one transaction. */
    boolean isFull() {
        return records.size() >= MOST_RECORDS;
    }

    /**
     * Writes what was gathered, and commits the offsets for the member with it: when partitions have gone to others meanwhile, it fails, and nothing counts.
     *
     * @param offsets at least one, or there would be nothing to fence by
     */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        Producer<byte[], byte[]> open = producer;
        if (open == null || offsets.isEmpty()) {
            throw new IllegalStateException("there is nothing to write with, or no offset to be fenced by");
        }
        if (member.generationId() < 0 || member.memberId().isEmpty()) {
            throw new CommitFailedException("this reader is no member of its group just now");
        }
        open.beginTransaction();
        records.forEach(open::send);
        open.sendOffsetsToTransaction(offsets, member);
        open.commitTransaction();
        counts.started(runs);
        counts.putAside(putAside);
        clear();
    }

    private void clear() {
        records.clear();
        runs = 0;
        putAside = 0;
    }

    /** Whatever was gathered or under way does not count; the next life ends it. */
    void forget() {
        clear();
        Producer<byte[], byte[]> old = producer;
        producer = null;
        if (old != null) {
            old.close(Duration.ZERO);
        }
    }
}
