package io.millrace.worker;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Ends the JVM as {@code kill -9} would, in the middle of a transaction: when a certain effect is about to be sent, or has been written. */
public final class HaltingInterceptor implements ProducerInterceptor<byte[], byte[]> {
    private static final String MOMENT = System.getProperty("halt.moment", "never");
    private static final int COUNT = Integer.getInteger("halt.count", 0);
    private static final AtomicInteger EFFECTS = new AtomicInteger();

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        halt("send", record.topic());
        return record;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
        halt("written", metadata.topic());
    }

    private static void halt(String moment, String topic) {
        if (MOMENT.equals(moment) && topic.endsWith("effects") && EFFECTS.incrementAndGet() == COUNT) {
            Runtime.getRuntime().halt(137);
        }
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> configs) {}
}
