package io.millrace.bench.limit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A bare consumer: {@code ReadMain BOOTSTRAP TOPIC}. Each line on standard input has it read the topic from its beginning to its end, looking at every byte of
 * every value, and say {@code read RECORDS_A_SECOND}: what was read after the first tenth, by the time that it took.
 */
public final class ReadMain {
    private static final Duration POLL = Duration.ofMillis(100);

    private ReadMain() {}

    /** Reads until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        System.out.println("ready reader");
        while (true) {
            int next = System.in.read();
            if (next < 0) {
                return;
            }
            if (next == '\n') {
                System.out.println("read " + rate(arguments[0], arguments[1]));
            }
        }
    }

    private static double rate(String bootstrap, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "isolation.level", "read_committed",
                        "enable.auto.commit", "false",
                        "max.poll.records", "5000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long all = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            long count = 0;
            long looked = 0;
            long beganNanos = 0;
            long begin = 0;
            while (count < all) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    looked += new String(record.value(), StandardCharsets.UTF_8).hashCode();
                    count++;
                }
                if (begin == 0 && count >= all / 10) {
                    begin = count;
                    beganNanos = System.nanoTime();
                }
            }
            double rate = (count - begin) * 1e9 / Math.max(1, System.nanoTime() - beganNanos);
            if (looked == 1) {
                System.out.println("# so that nobody leaves out the looking");
            }
            return rate;
        }
    }
}
