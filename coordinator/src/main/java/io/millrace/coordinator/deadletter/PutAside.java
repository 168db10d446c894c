package io.millrace.coordinator.deadletter;

import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record that is put aside, as far as a letter can hold it.
 *
 * @param topic where it lies
 * @param key as it came
 * @param value as it came
 */
public record PutAside(String topic, int partition, long offset, byte @Nullable [] key, byte @Nullable [] value) {
    /** Kafka's default limit for a record is 1 MB; a larger original stays where it was, and the letter says so. */
    private static final int LONGEST_COPY_BYTES = 900_000;

    private static final int LONGEST_MESSAGE = 2_000;

    /** Control, format, surrogate and private characters, and line separators. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\u2028\\u2029]");

    /** The letter. @param why in a sentence, as {@link #legible} left it */
    public DeadLetter letter(DeadLetterReason reason, String why, Instant at) {
        return letter(reason, why, at, null);
    }

    /** The letter. @param trigger the Kafka trigger that put it aside, its pipeline and its id there; null for what no such trigger did */
    public DeadLetter letter(DeadLetterReason reason, String why, Instant at, @Nullable String trigger) {
        int length = value == null ? 0 : value.length;
        boolean cut = length > LONGEST_COPY_BYTES;
        return DeadLetter.newBuilder()
                .setTopic(topic)
                .setPartition(partition)
                .setOffset(offset)
                .setKey(copy(key))
                .setValue(copy(value))
                .setReason(reason)
                .setMessage(
                        cut
                                ? why + " (the value is cut after " + LONGEST_COPY_BYTES + " of " + length + " bytes)"
                                : why)
                .setAt(at)
                .setTrigger(trigger)
                .build();
    }

    /** What was sent is quoted in sentences: it shall neither fill a log nor write lines of its own into it. */
    public static String legible(String why) {
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
