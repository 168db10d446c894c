package io.millrace.bench.limit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One side of the bare exactly-once loop: {@code LoopMain (hand|claimed|transactional) BOOTSTRAP NAME PARTITIONS TOKENS}.
 *
 * <p>The hand reads claims and outcomes and answers each outcome with the next task, in one transaction
 * with what it has read; claims alone are worth none. The
 * other side reads tasks. Where they are claimed it claims them in one transaction with what it has read, and then says their
 * outcome by an idempotent producer; where they are transactional, claim and outcome are one transaction. These are the
 * transactions that a task of Millrace takes, with nothing in between. Every second the hand says
 * {@code window TASKS P50 P99}: outcomes, and milliseconds from one outcome to the next.
 */
public final class LoopMain {
    private static final Duration POLL = Duration.ofMillis(100);

    private LoopMain() {}

    /** Goes round until standard input ends. */
    public static void main(String[] arguments) throws Exception {
        String bootstrap = arguments[1];
        String name = arguments[2];
        int partitions = Integer.parseInt(arguments[3]);
        create(bootstrap, name, partitions);
        Thread side = new Thread(
                arguments[0].equals("hand")
                        ? () -> hand(bootstrap, name, partitions, Integer.parseInt(arguments[4]))
                        : () -> worker(bootstrap, name, arguments[0].equals("claimed")),
                "side");
        side.setDaemon(true);
        side.start();
        while (System.in.read() >= 0) {
            // Nothing is said on it; its end is ours.
        }
        System.exit(0);
    }

    private static void create(String bootstrap, String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Set<String> there = admin.listTopics().names().get(30, TimeUnit.SECONDS);
            if (!there.contains(name + ".tasks")) {
                admin.createTopics(List.of(
                                new NewTopic(name + ".tasks", partitions, (short) 1),
                                new NewTopic(name + ".events", partitions, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void hand(String bootstrap, String name, int partitions, int tokens) {
        try (KafkaConsumer<byte[], byte[]> consumer = Token.consumer(bootstrap, name + "-hand");
                KafkaProducer<byte[], byte[]> producer = Token.transactional(bootstrap, name + "-hand")) {
            consumer.subscribe(List.of(name + ".events"));
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < tokens; i++) {
                byte[] key = ("token-" + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(name + ".tasks", i % partitions, key, Token.value(Token.OUTCOME)));
            }
            producer.commitTransaction();
            System.out.println("ready hand");
            Window window = new Window();
            Map<TopicPartition, OffsetAndMetadata> consumed = new HashMap<>();
            while (true) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                consumed.putAll(ends(polled));
                List<ConsumerRecord<byte[], byte[]>> outcomes = outcomesOf(polled);
                if (!outcomes.isEmpty()) {
                    producer.beginTransaction();
                    for (ConsumerRecord<byte[], byte[]> record : outcomes) {
                        window.outcome();
                        producer.send(new ProducerRecord<>(
                                name + ".tasks", record.partition(), record.key(), record.value()));
                    }
                    producer.sendOffsetsToTransaction(consumed, consumer.groupMetadata());
                    producer.commitTransaction();
                    consumed.clear();
                }
                window.sayWhenOver();
            }
        }
    }

    private static void worker(String bootstrap, String name, boolean claimed) {
        try (KafkaConsumer<byte[], byte[]> consumer = Token.consumer(bootstrap, name + "-worker");
                KafkaProducer<byte[], byte[]> claims = Token.transactional(bootstrap, name + "-worker");
                KafkaProducer<byte[], byte[]> outcomes = Token.idempotent(bootstrap)) {
            consumer.subscribe(List.of(name + ".tasks"));
            claims.initTransactions();
            System.out.println("ready worker");
            byte[] claim = Token.value(Token.CLAIM);
            while (true) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                if (polled.isEmpty()) {
                    continue;
                }
                claims.beginTransaction();
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    claims.send(new ProducerRecord<>(name + ".events", record.partition(), record.key(), claim));
                    if (!claimed) {
                        claims.send(outcome(name, record));
                    }
                }
                claims.sendOffsetsToTransaction(ends(polled), consumer.groupMetadata());
                claims.commitTransaction();
                if (claimed) {
                    polled.forEach(record -> outcomes.send(outcome(name, record)));
                }
            }
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> outcomesOf(ConsumerRecords<byte[], byte[]> polled) {
        List<ConsumerRecord<byte[], byte[]>> outcomes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (record.value()[0] == Token.OUTCOME) {
                outcomes.add(record);
            }
        }
        return outcomes;
    }

    private static ProducerRecord<byte[], byte[]> outcome(String name, ConsumerRecord<byte[], byte[]> task) {
        return new ProducerRecord<>(name + ".events", task.partition(), task.key(), task.value());
    }

    private static Map<TopicPartition, OffsetAndMetadata> ends(ConsumerRecords<byte[], byte[]> polled) {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        for (TopicPartition partition : polled.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
            ends.put(
                    partition,
                    new OffsetAndMetadata(records.get(records.size() - 1).offset() + 1));
        }
        return ends;
    }

    /** What happened in a second. */
    private static final class Window {
        private static final int MOST_GAPS = 100_000;
        private final long[] gaps = new long[MOST_GAPS];
        private long count;
        private long lastNanos = System.nanoTime();
        private long beganNanos = lastNanos;

        void outcome() {
            long now = System.nanoTime();
            if (count < MOST_GAPS) {
                gaps[(int) count] = now - lastNanos;
            }
            lastNanos = now;
            count++;
        }

        void sayWhenOver() {
            long took = System.nanoTime() - beganNanos;
            if (took < TimeUnit.SECONDS.toNanos(1)) {
                return;
            }
            long[] sorted = Arrays.copyOf(gaps, (int) Math.min(count, MOST_GAPS));
            Arrays.sort(sorted);
            System.out.println(
                    "window " + count * 1e9 / took + " " + millisAt(sorted, 0.5) + " " + millisAt(sorted, 0.99));
            count = 0;
            beganNanos = System.nanoTime();
        }

        private static double millisAt(long[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
        }
    }
}
