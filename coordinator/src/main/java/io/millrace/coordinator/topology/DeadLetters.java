package io.millrace.coordinator.topology;

import io.millrace.coordinator.deadletter.PutAside;
import io.millrace.event.DeadLetter;
import io.millrace.event.DeadLetterReason;
import java.time.Instant;
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
        String message = PutAside.legible(why);
        log.warn("{}-{}@{} put aside: {}", position.topic(), position.partition(), position.offset(), message);
        DeadLetter letter = new PutAside(
                        position.topic(), position.partition(), position.offset(), record.key(), record.value())
                .letter(reason, message, Instant.ofEpochMilli(context.currentSystemTimeMs()));
        context.forward(decisions.writer().deadLetter(letter), sink);
        decisions.counts().putAside(reason);
    }
}
