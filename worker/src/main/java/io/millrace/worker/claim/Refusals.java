package io.millrace.worker.claim;

import io.millrace.worker.execute.Failure;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells a record that Kafka will never take from a transaction that only has to be tried again. */
final class Refusals {
    private static final Set<Class<? extends Exception>> FOR_GOOD = Set.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            InvalidTopicException.class,
            PolicyViolationException.class);
    private static final Set<Class<? extends Exception>> UNTIL_CHANGED =
            Set.of(TopicAuthorizationException.class, UnknownTopicOrPartitionException.class);

    private Refusals() {}

    /** The failure of the task whose record it is; empty when the error says nothing of this record. */
    static Optional<Failure> of(ProducerRecord<byte[], byte[]> record, Throwable error) {
        // A producer that waits in vain for a topic says so by a timeout with the topic's error as its cause.
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (FOR_GOOD.contains(each.getClass())) {
                return Optional.of(Failure.permanent(sentence(record, each)));
            }
            if (UNTIL_CHANGED.contains(each.getClass())) {
                return Optional.of(Failure.error(sentence(record, each)));
            }
        }
        return Optional.empty();
    }

    private static String sentence(ProducerRecord<byte[], byte[]> record, Throwable error) {
        return "Kafka does not take a record for the topic '" + record.topic() + "' that the task was to publish: "
                + error.getMessage();
    }
}
