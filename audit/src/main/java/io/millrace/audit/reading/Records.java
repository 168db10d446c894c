package io.millrace.audit.reading;

import io.millrace.audit.verify.Position;
import io.millrace.audit.verify.Recorded;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What comes from Kafka, as what is verified. */
final class Records {
    private Records() {}

    /** Empty when the record is none of ours. */
    static <T> Optional<Recorded<T>> decode(Decoder<T> decoder, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new Recorded<>(
                    position(record), Instant.ofEpochMilli(record.timestamp()), decoder.decode(record.value())));
        } catch (UndecodableException e) {
            return Optional.empty();
        }
    }

    static Position position(ConsumerRecord<byte[], byte[]> record) {
        return new Position(record.topic(), record.partition(), record.offset());
    }
}
