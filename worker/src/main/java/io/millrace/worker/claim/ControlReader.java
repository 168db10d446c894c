package io.millrace.worker.claim;

import io.millrace.event.WorkerControl;
import io.millrace.event.WorkerControlType;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.worker.execute.DeliveryId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code worker-control} from its end at the start: what was asked before concerns other lives.
 *
 * <p><b>Threading:</b> one thread, which owns the consumer.
 */
final class ControlReader implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_MILLIS = 500;

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partition;
    private final Decoder<WorkerControl> decoder;
    private final Cancellations cancellations;
    private final CountDownLatch stopping = new CountDownLatch(1);

    ControlReader(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Decoder<WorkerControl> decoder,
            Cancellations cancellations) {
        this.consumer = consumer;
        this.partition = List.of(new TopicPartition(topic, 0));
        this.decoder = decoder;
        this.cancellations = cancellations;
    }

    /** Finds the topic's end; everything that is written after this call has returned will be read. */
    void seekToEnd() {
        try {
            consumer.assign(partition);
            consumer.seekToEnd(partition);
            consumer.position(partition.get(0));
        } catch (KafkaException e) {
            consumer.close();
            throw e;
        }
    }

    @Override
    public void run() {
        try (consumer) {
            while (stopping.getCount() > 0) {
                try {
                    consumer.poll(POLL).forEach(this::read);
                } catch (KafkaException | RegistryUnavailableException | RegistryException e) {
                    LOG.warn("Cancellations cannot be read for the moment", e);
                    if (stopping.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            WorkerControl control = decoder.decode(record.value());
            if (control.getType() == WorkerControlType.CANCEL) {
                cancellations.add(
                        new DeliveryId(control.getRunId(), control.getTask(), control.getAttempt(), control.getEpoch()),
                        control.getReason());
            }
        } catch (UndecodableException e) {
            LOG.warn("A record of worker-control at offset {} is passed over: {}", record.offset(), e.getMessage());
        } catch (RegistryUnavailableException | RegistryException e) {
            // The position is past the whole batch: go back to this record, so that it is read again.
            consumer.seek(partition.get(0), record.offset());
            throw e;
        }
    }

    @Override
    public void close() {
        stopping.countDown();
    }
}
