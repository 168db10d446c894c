package io.millrace.coordinator.topology;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka's clients for the run engine. What is its own: a producer that has aborted a transaction begins no other one.
 *
 * <p>All tasks of a stream thread write in one transaction. Kafka Streams 4.3 aborts it when it closes one of them dirty, and during a rebalance it
 * does so without having committed the others ({@code TaskManager.handleCorruption}). Those go on with state that is in no log, and the next
 * transaction commits the offsets of records whose effects are lost. Here that next transaction is refused as if the producer had been fenced: Kafka
 * Streams then gives all tasks of the thread up, makes a new producer, and does again what was not committed.
 */
final class EngineClients implements KafkaClientSupplier {
    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new OneAbort(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return getConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getConsumer(config);
    }

    /** <b>Threading:</b> transactions belong to one stream thread. */
    private static final class OneAbort extends KafkaProducer<byte[], byte[]> {
        private boolean aborted;

        private OneAbort(Map<String, Object> config) {
            super(config, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public void abortTransaction() {
            aborted = true;
            super.abortTransaction();
        }

        /** @throws ProducerFencedException when it has aborted one before */
        @Override
        public void beginTransaction() {
            if (aborted) {
                throw new ProducerFencedException(
                        "A transaction of this producer was aborted, perhaps with more in it than was meant to be given up");
            }
            super.beginTransaction();
        }
    }
}
