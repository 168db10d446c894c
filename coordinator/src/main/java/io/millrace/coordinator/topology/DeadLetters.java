package io.millrace.coordinator.topology;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts aside what cannot be read or accepted, as it came, and lets the partition go on (G8).
 *
 * <p><b>Threading:</b> owned by the stream thread of its processor.
 */
final class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    /** Kafka's default limit for a record is 1 MB; a larger original stays where it was, and the letter says so. */
    private static final int LONGEST_COPY_BYTES = 900_000;

    private static final int LONGEST_MESSAGE = 2_000;

    /** Control, format, surrogate and private characters, and line separators. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\u2028\\u2029]");

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final String sink;

    /** @param sink the name of the sink that forwards them */
    DeadLetters(ProcessorContext<byte[], Outbound> context, Decisions decisions, String sink) {
        this.context = context;
        this.decisions = decisions;
        this.sink = sink;
    }

    void put(
            Record<byte @Nullable [], byte @Nullable []> record,
            RecordMetadata position,
            DeadLetterReason reason,
            String why) {
        String message = legible(why);
        log.warn("{}-{}@{} put aside: {}", position.topic(), position.partition(), position.offset(), message);
        byte[] value = record.value();
        boolean cut = value != null && value.length > LONGEST_COPY_BYTES;
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(position.topic())
                .setPartition(position.partition())
                .setOffset(position.offset())
                .setKey(copy(record.key()))
                .setValue(copy(value))
                .setReason(reason)
                .setMessage(
                        cut
                                ? message + " (the value is cut after " + LONGEST_COPY_BYTES + " of " + value.length
                                        + " bytes)"
                                : message)
                .setAt(Instant.ofEpochMilli(context.currentSystemTimeMs()))
                .build();
        context.forward(decisions.writer().deadLetter(letter), sink);
        decisions.counts().putAside(reason);
    }

    /** What was sent is quoted in sentences: it shall neither fill a log nor write lines of its own into it. */
    private static String legible(String why) {
        String shown = why.length() > LONGEST_MESSAGE ? why.substring(0, LONGEST_MESSAGE) + "…" : why;
        return UNPRINTABLE.matcher(shown).replaceAll("\uFFFD");
    }

    private static @Nullable ByteBuffer copy(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        return ByteBuffer.wrap(bytes.length > LONGEST_COPY_BYTES ? Arrays.copyOf(bytes, LONGEST_COPY_BYTES) : bytes);
    }
}
