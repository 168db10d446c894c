package io.millrace.worker.claim;

import io.millrace.worker.execute.Handler;
import io.millrace.worker.execute.HandlerFailure;
import io.millrace.worker.kafka.RecordFault;
import io.millrace.worker.kafka.TaskRecords;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The code of {@code kafka} tasks: their records go into the outbox, and with the claim, the outcome and the offset into one transaction.
 *
 * <p><b>Threading:</b> any number of threads.
 */
final class KafkaTask implements TransactionalCode {
    static final String KIND = "kafka";

    private final TaskRecords records;

    KafkaTask(TaskRecords records) {
        this.records = records;
    }

    @Override
    public Handler with(Outbox outbox) {
        return call -> {
            List<ProducerRecord<byte[], byte[]>> all;
            try {
                all = records.read(call.delivery().action());
            } catch (RecordFault e) {
                throw HandlerFailure.of(e.sentence(), e.isRetryable());
            }
            for (ProducerRecord<byte[], byte[]> record : all) {
                try {
                    outbox.add(record);
                } catch (IllegalArgumentException e) {
                    throw HandlerFailure.of(String.valueOf(e.getMessage()), false);
                }
            }
            return Map.of("records", all.size());
        };
    }
}
