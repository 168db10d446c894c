package io.millrace.coordinator.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.reading.StretchReader;
import io.millrace.event.DeadLetter;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the dead letters from the newest, straight from their topic.
 *
 * <p><b>Threading.</b> Thread-safe; it waits for Kafka, so keep it off event loops.
 */
public final class DeadLetterBox {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterBox.class);
    private static final int STEP = 500;
    /** A filter that fits few must not make one answer read all: the page then ends early. */
    private static final long MOST_LOOKED_AT = 20_000;

    private static final long MOST_SEARCHED = 200_000;

    private final StretchReader reader;
    private final WireFormat wire;
    private final Topics topics;
    private final TopicPartition partition;
    private final Decoder<DeadLetter> decoder;
    private final Map<String, Decoder<? extends SpecificRecord>> decoders = new ConcurrentHashMap<>();

    /** @param reader is not closed by it */
    public DeadLetterBox(StretchReader reader, WireFormat wire, Topics topics) {
        this.reader = reader;
        this.wire = wire;
        this.topics = topics;
        this.partition = new TopicPartition(topics.deadLetters().name(), 0);
        this.decoder = wire.decoder(topics.deadLetters());
    }

    /** The name of the topic that they lie in. */
    public String topic() {
        return partition.topic();
    }

    /**
     * Dead letters from the newest.
     *
     * @param before {@link LetterPage#next} of the page before; empty to begin with the newest
     */
    public LetterPage list(LetterFilter filter, int limit, OptionalLong before) {
        List<FiledLetter> found = new ArrayList<>();
        OptionalLong next = backwards(before, MOST_LOOKED_AT, record -> true, letter -> {
            if (filter.fits(letter.letter())) {
                found.add(letter);
            }
            return found.size() < limit;
        });
        return new LetterPage(List.copyOf(found), next);
    }

    /**
     * The newest letter of this id; empty when there is none among the last {@value #MOST_SEARCHED}.
     *
     * @param id {@link FiledLetter#id}; without the trigger at its end, the newest of any trigger
     */
    public Optional<FiledLetter> find(String id) {
        String key = FiledLetter.key(id);
        List<FiledLetter> found = new ArrayList<>();
        backwards(
                OptionalLong.empty(),
                MOST_SEARCHED,
                record -> record.key() != null && key.equals(new String(record.key(), UTF_8)),
                letter -> {
                    if (id.equals(key) || id.equals(letter.id())) {
                        found.add(letter);
                    }
                    return found.isEmpty();
                });
        return found.stream().findFirst();
    }

    /** Hands on letters until one is enough; answers where to go on. */
    private OptionalLong backwards(
            OptionalLong before,
            long most,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted,
            Predicate<FiledLetter> goOn) {
        StretchReader.Bounds bounds = reader.bounds(partition);
        long start = Math.min(before.orElse(bounds.end()), bounds.end());
        long end = start;
        while (end > bounds.beginning() && start - end < most) {
            long from = Math.max(bounds.beginning(), end - STEP);
            List<ConsumerRecord<byte[], byte[]>> records =
                    reader.read(partition, from, end, STEP).records();
            for (int i = records.size() - 1; i >= 0; i--) {
                ConsumerRecord<byte[], byte[]> record = records.get(i);
                Optional<FiledLetter> letter = wanted.test(record) ? decoded(record) : Optional.empty();
                if (letter.isPresent() && !goOn.test(letter.get())) {
                    return record.offset() > bounds.beginning()
                            ? OptionalLong.of(record.offset())
                            : OptionalLong.empty();
                }
            }
            end = from;
        }
        return end > bounds.beginning() ? OptionalLong.of(end) : OptionalLong.empty();
    }

    private Optional<FiledLetter> decoded(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new FiledLetter(decoder.decode(record.value()), record.offset()));
        } catch (UndecodableException e) {
            log.warn("The dead letter at offset {} is not one of ours: {}", record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    /** What the original says, where it is what its topic holds. */
    public Optional<SpecificRecord> original(DeadLetter letter) {
        Optional<ByteBuffer> value = letter.getValue();
        Optional<Decoder<? extends SpecificRecord>> found = decoderOf(letter.getTopic());
        if (value.isEmpty() || found.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(found.get().decode(bytes(value.get())));
        } catch (UndecodableException e) {
            // That is often why it is here.
            log.debug("The original of a dead letter cannot be read: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Decoder<? extends SpecificRecord>> decoderOf(String topic) {
        return topicOf(topic).map(known -> decoders.computeIfAbsent(topic, name -> wire.decoder(known)));
    }

    private Optional<Topic<?>> topicOf(String name) {
        Optional<QueueName> queue = topics.queueOf(name);
        return queue.isPresent()
                ? Optional.of(topics.tasks(queue.get()))
                : topics.fixed().stream()
                        .filter(topic -> topic.name().equals(name))
                        .findFirst();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
