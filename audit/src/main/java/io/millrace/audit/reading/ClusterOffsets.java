package io.millrace.audit.reading;

import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Asks brokers for topics, partitions and offsets. Every method throws {@link AuditUnavailableException} when they do not answer. */
final class ClusterOffsets implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    /** Longer than a transaction can stay open. */
    private static final long TRANSACTIONS_SECONDS = 180;

    private static final long PAUSE_MILLIS = 20;

    private final String brokers;
    private final Admin admin;

    ClusterOffsets(KafkaAccess access) {
        this.brokers = access.bootstrapServers();
        Map<String, Object> properties = access.adminProperties();
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        properties.putIfAbsent("request.timeout.ms", 10_000);
        this.admin = Admin.create(properties);
    }

    /** The names of all topics. */
    Set<String> topics() {
        return answer(admin.listTopics().names());
    }

    /** All partitions of these topics. */
    List<TopicPartition> partitions(Collection<String> topics) {
        return answer(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    /** Up to where these groups have committed; nothing of those that nobody was ever in. */
    Map<TopicPartition, Long> committed(Collection<String> groups) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (String group : groups) {
            committedBy(group).forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
        }
        return committed;
    }

    private Map<TopicPartition, OffsetAndMetadata> committedBy(String group) {
        KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets = admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group);
        try {
            return offsets.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Ends before which there is all that was written before, or in one transaction with, what lies before those that are given. Those
     * are not taken of all partitions at one moment, so that the parts of a transaction may lie on both sides of them. When all before
     * them is committed, all of its company has been written; when that is committed, too, no transaction is cut in two.
     */
    Map<TopicPartition, Long> endsOfTransactionsUpTo(Map<TopicPartition, Long> given) {
        awaitCommitted(given);
        awaitCommitted(offsets(given.keySet(), OffsetSpec.latest()));
        return stableOffsets(given.keySet());
    }

    private void awaitCommitted(Map<TopicPartition, Long> ends) {
        long begunNanos = System.nanoTime();
        List<TopicPartition> open = List.copyOf(ends.keySet());
        while (true) {
            Map<TopicPartition, Long> stable = stableOffsets(open);
            open = open.stream()
                    .filter(each -> stable.getOrDefault(each, 0L) < ends.getOrDefault(each, 0L))
                    .toList();
            if (open.isEmpty()) {
                return;
            }
            if (System.nanoTime() - begunNanos > TimeUnit.SECONDS.toNanos(TRANSACTIONS_SECONDS)) {
                throw new AuditUnavailableException(
                        "transactions have been open for " + TRANSACTIONS_SECONDS + " s in " + open);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    /** Before them no transaction is open. */
    private Map<TopicPartition, Long> stableOffsets(Collection<TopicPartition> partitions) {
        return offsets(listed(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
    }

    /** The offsets that are asked for, whether transactions are open before them or not. */
    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(listed(partitions, spec));
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> listed) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        listed.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /** The same, with the times of their records. */
    Map<TopicPartition, ListOffsetsResultInfo> listed(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return listed(partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    private Map<TopicPartition, ListOffsetsResultInfo> listed(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        return answer(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(each -> each, each -> spec)),
                        new ListOffsetsOptions(isolation))
                .all());
    }

    private <T> T answer(KafkaFuture<T> question) {
        try {
            return question.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static AuditUnavailableException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new AuditUnavailableException("interrupted", cause);
    }

    private AuditUnavailableException unavailable(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new AuditUnavailableException("Kafka at " + brokers + " does not answer: " + reason, cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
