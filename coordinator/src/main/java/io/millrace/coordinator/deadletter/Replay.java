package io.millrace.coordinator.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.reading.StretchReader;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends what was put aside again. That is sound only where nothing has come of the original. Triggers, files that arrived and commands are sent to the topic that
 * they came from, the same key and the same bytes. Of a record of a user's topic, which is not to be written a second time, the {@linkplain SecondLook trigger}
 * that put it aside is asked once more, and what is sent is the command that it means by now. A worker's report, or a task, would arrive in
 * another time than its own.
 *
 * <p><b>Threading.</b> Thread-safe; sending may wait for Kafka, so keep it off event loops.
 */
public final class Replay implements AutoCloseable {
    private static final String SOURCE = "/millrace/coordinator";

    /** An original of this length may be cut; see what the letters themselves say. */
    private static final int LONGEST_COPY_BYTES = 900_000;

    private static final int DELIVERY_LIMIT_MILLIS = 20_000;

    private final Set<String> allowed;
    private final Topic<RunCommand> commandTopic;
    private final Encoder<RunCommand> commands;
    private final StretchReader reader;
    private final SecondLook second;
    private final Producer<byte[], byte[]> producer;

    /**
     * What was written.
     *
     * @param run the run that it asks for, where that is known
     */
    public record Sent(String topic, int partition, long offset, Optional<String> run) {}

    /**
     * Connects to Kafka; returns at once, also while Kafka is away.
     *
     * @param reader is not closed by it
     */
    public Replay(KafkaAccess kafka, WireFormat wire, StretchReader reader, SecondLook second) {
        Topics topics = kafka.topics();
        this.allowed = Set.of(
                topics.triggers().name(),
                topics.fileArrivals().name(),
                topics.runCommands().name());
        this.commandTopic = topics.runCommands();
        this.commands = wire.encoder(commandTopic);
        this.reader = reader;
        this.second = second;
        Map<String, Object> properties = kafka.producerProperties();
        properties.put("client.id", "millrace-replay");
        properties.put("delivery.timeout.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("request.timeout.ms", DELIVERY_LIMIT_MILLIS / 2);
        properties.put("max.block.ms", DELIVERY_LIMIT_MILLIS);
        properties.put("linger.ms", 0);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Why it must not be sent again, in a sentence; empty when it may be, as far as the letter tells. */
    public Optional<String> objection(DeadLetter letter) {
        if (letter.getTrigger().isPresent()) {
            return Optional.empty();
        }
        if (!allowed.contains(letter.getTopic())) {
            return Optional.of(
                    "only triggers, files that arrived, run commands and what Kafka triggers put aside can be sent again, not what was read from "
                            + letter.getTopic());
        }
        int length = letter.getValue().map(ByteBuffer::remaining).orElse(0);
        if (length == 0) {
            return Optional.of("the letter does not hold the original");
        }
        return length >= LONGEST_COPY_BYTES
                ? Optional.of("the original is too large to have been kept whole")
                : Optional.empty();
    }

    /**
     * Sends the original again, or the command that it means by now; the stage completes when Kafka has acknowledged it.
     *
     * @throws NotReplayableException when there is an {@link #objection}, or the trigger has one
     */
    public CompletionStage<Sent> send(DeadLetter letter) throws NotReplayableException {
        Optional<String> objection = objection(letter);
        if (objection.isPresent()) {
            throw new NotReplayableException(objection.get());
        }
        Optional<String> trigger = letter.getTrigger();
        return trigger.isPresent()
                ? send(judged(trigger.get(), letter))
                : send(
                        new ProducerRecord<>(
                                letter.getTopic(),
                                letter.getKey().map(DeadLetterBox::bytes).orElse(null),
                                DeadLetterBox.bytes(letter.getValue().orElseThrow())),
                        Optional.empty());
    }

    private RunCommand judged(String trigger, DeadLetter letter) throws NotReplayableException {
        try {
            return second.of(trigger, original(letter));
        } catch (KafkaException | RegistryUnavailableException | RegistryException e) {
            throw new IntakeUnavailableException("The record cannot be judged just now: " + e.getMessage(), e);
        }
    }

    /** The record as it lies in its topic: with its headers, and whole. */
    private ConsumerRecord<byte[], byte[]> original(DeadLetter letter) throws NotReplayableException {
        TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
        List<ConsumerRecord<byte[], byte[]>> found = reader.partitions(letter.getTopic()) <= letter.getPartition()
                ? List.of()
                : reader.read(partition, letter.getOffset(), letter.getOffset() + 1, 1)
                        .records();
        if (found.isEmpty() || !isSame(letter, found.get(0))) {
            throw new NotReplayableException("the record is not in " + letter.getTopic() + " any more");
        }
        return found.get(0);
    }

    /** A topic that was deleted and created again has other records at the same offsets. */
    private static boolean isSame(DeadLetter letter, ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer copy = letter.getValue().orElse(null);
        byte[] value = record.value();
        if (copy == null || value == null) {
            return copy == null && value == null;
        }
        return copy.equals(ByteBuffer.wrap(value, 0, Math.min(value.length, LONGEST_COPY_BYTES)));
    }

    private CompletionStage<Sent> send(RunCommand command) {
        String trace = command.getTrigger()
                .flatMap(trigger -> trigger.getTraceparent())
                .orElse(null);
        Instant now = command.getRequestedAt();
        return send(
                new ProducerRecord<>(
                        commandTopic.name(),
                        null,
                        now.toEpochMilli(),
                        command.getRunId().getBytes(UTF_8),
                        commands.encode(command),
                        EventHeaders.of("io.millrace.run.start", SOURCE, command.getRunId(), now, trace)),
                Optional.of(command.getRunId()));
    }

    private CompletionStage<Sent> send(ProducerRecord<byte[], byte[]> record, Optional<String> run) {
        CompletableFuture<Sent> acknowledged = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, error) -> {
                if (error == null) {
                    acknowledged.complete(new Sent(record.topic(), metadata.partition(), metadata.offset(), run));
                } else {
                    acknowledged.completeExceptionally(unavailable(error));
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(unavailable(e));
        }
        return acknowledged;
    }

    private static IntakeUnavailableException unavailable(Exception e) {
        return new IntakeUnavailableException("Kafka did not acknowledge the record: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        producer.close();
    }
}
