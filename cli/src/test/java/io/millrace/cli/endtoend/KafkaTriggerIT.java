package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.Trigger;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records of a user's topic, of which a filter keeps one in a hundred, on two coordinators of which one is killed, while the filter is replaced by
 * another: exactly the right runs. With {@code -Dmillrace.records=1000000} it is a million of them.
 */
class KafkaTriggerIT {
    private static final String[] CLUSTER = {"--set", "standbys=1", "--set", "partitions=4"};
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int RECORDS = Integer.getInteger("millrace.records", 50_000);
    private static final int ONE_IN = 100;
    private static final int PARTITIONS = 4;

    /** The numbers of each partition by their offsets. */
    private final List<NavigableMap<Long, Integer>> sent = new ArrayList<>();

    @TempDir
    private Path directory;

    /** Its own, also when it is tried again. */
    private final String prefix = "kafka-trigger-it-" + System.nanoTime() + ".";

    private final String topic = "orders-of-" + prefix.replace(".", "");

    @Test
    void everyRecordIsJudgedOnceWhoeverIsKilledAndWhateverIsApplied() throws Exception {
        for (int i = 0; i < PARTITIONS; i++) {
            sent.add(new TreeMap<>());
        }
        try (Cluster cluster = Cluster.startWith(directory, prefix, CLUSTER);
                Admin admin = Admin.create(cluster.access().adminProperties());
                Producer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.access().producerProperties(), new ByteArraySerializer(), new ByteArraySerializer());
                AuditWatch audit = new AuditWatch(cluster.access())) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
            MillraceProcess second = cluster.coordinator("c2", CLUSTER);
            cluster.apply("etl", pipeline(0));
            Until.holds("both coordinators read", LIMIT, () -> readers(admin).size() == 2);

            send(producer, 0, RECORDS / 4);
            Until.holds(
                    "runs start",
                    LIMIT,
                    () -> audit.events(RunEventType.RUN_STARTED).count() > RECORDS / 8 / ONE_IN);
            send(producer, RECORDS / 4, RECORDS / 2);
            second.kill9();
            send(producer, RECORDS / 2, RECORDS * 3 / 4);
            cluster.apply("etl", pipeline(1));
            send(producer, RECORDS * 3 / 4, RECORDS);
            cluster.coordinator("c2", CLUSTER);
            Until.holds("all is read", LIMIT, () -> positions(admin).equals(ends()));

            List<RunCommand> commands = commands(cluster.access());
            Until.holds(
                    "all runs end",
                    LIMIT,
                    () -> audit.ended() >= Set.copyOf(runs(commands)).size());
            judge(audit.events(RunEventType.RUN_STARTED).toList(), commands);
            Audited.holds(cluster.access());
        }
    }

    /** Keeps the numbers that leave this rest; runs of it end by themselves. */
    private String pipeline(int rest) {
        return """
                id: etl
                inputs: {n: integer}
                triggers:
                  - id: orders
                    kafka: {topic: %s, from: earliest}
                    filter: event.n %% %d == %d
                    inputs: {n: "${{ event.n }}"}
                tasks:
                  - {id: a, wait: 1ms}
                """.formatted(topic, ONE_IN, rest);
    }

    private void send(Producer<byte[], byte[]> producer, int from, int to) {
        for (int n = from; n < to; n++) {
            int partition = n / ONE_IN % PARTITIONS;
            NavigableMap<Long, Integer> there = sent.get(partition);
            there.put((long) there.size(), n);
            byte[] value = ("{\"n\": " + n + ", \"customer\": \"c-" + n % 97 + "\", \"amount\": " + n * 0.5 + "}")
                    .getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, partition, null, value));
        }
        producer.flush();
    }

    /** The coordinators that have partitions of the topic. */
    private Set<String> readers(Admin admin) {
        try {
            return admin.describeConsumerGroups(List.of(prefix + "listen." + topic)).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .map(member -> member.groupInstanceId().orElseThrow())
                    .collect(Collectors.toSet());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Map<TopicPartition, Long> positions(Admin admin) {
        try {
            return admin
                    .listConsumerGroupOffsets(prefix + "listen." + topic)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().offset()));
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(topic, partition), (long)
                    sent.get(partition).size());
        }
        return ends;
    }

    /** All commands to start a run that have been committed. */
    private static List<RunCommand> commands(KafkaAccess access) throws UndecodableException {
        String topic = access.topics().runCommands().name();
        List<RunCommand> found = new ArrayList<>();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(access.registryUrl());
                Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        access.consumerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Decoder<RunCommand> decoder =
                    new WireFormat(registry).decoder(access.topics().runCommands());
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    RunCommand command = decoder.decode(record.value());
                    if (command.getType() == RunCommandType.START) {
                        found.add(command);
                    }
                }
            }
        }
        return found;
    }

    private static List<String> runs(List<RunCommand> commands) {
        return commands.stream().map(RunCommand::getRunId).toList();
    }

    /** In each partition the first version has judged all up to some record, and the second all from there on. */
    private void judge(List<RunEvent> starts, List<RunCommand> commands) {
        assertThat(runs(commands)).as("commands").doesNotHaveDuplicates();
        assertThat(starts.stream().map(RunEvent::getRunId))
                .as("runs")
                .containsExactlyInAnyOrderElementsOf(runs(commands));
        int handed = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            NavigableMap<Long, Integer> started = new TreeMap<>();
            for (RunEvent start : starts) {
                Trigger trigger = start.getTrigger().orElseThrow();
                if (trigger.getPartition() == partition) {
                    assertThat(started.put(trigger.getOffset(), start.getVersion()))
                            .as("a second run for %d@%d", partition, trigger.getOffset())
                            .isNull();
                }
            }
            long handover = started.entrySet().stream()
                    .filter(start -> start.getValue() == 2)
                    .mapToLong(Map.Entry::getKey)
                    .findFirst()
                    .orElse(sent.get(partition).size());
            Set<NavigableMap<Long, Integer>> possible = new HashSet<>();
            // The first record that the second version judged may lie before the first one that it kept.
            for (long first = Math.max(0, handover - ONE_IN); first <= handover; first++) {
                possible.add(expected(partition, first));
            }
            assertThat(possible).as("partition %d", partition).contains(started);
            handed += started.containsValue(1) && started.containsValue(2) ? 1 : 0;
        }
        assertThat(handed)
                .as("partitions in which both versions have started runs")
                .isPositive();
        System.out.println(RECORDS + " records have started " + starts.size() + " runs");
    }

    /** The version that keeps each record, by its offset, when the second has judged all from one of them on. */
    private NavigableMap<Long, Integer> expected(int partition, long handover) {
        NavigableMap<Long, Integer> kept = new TreeMap<>();
        sent.get(partition).forEach((offset, n) -> {
            int version = offset < handover ? 1 : 2;
            if (n % ONE_IN == version - 1) {
                kept.put(offset, version);
            }
        });
        return kept;
    }
}
