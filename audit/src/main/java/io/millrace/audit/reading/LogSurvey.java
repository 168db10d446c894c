package io.millrace.audit.reading;

import io.millrace.schemas.Topic;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Finds out which topics a platform has, where they begin and end, and how far its coordinators and workers have got. */
final class LogSurvey implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    /** Longer than a transaction can stay open. */
    private static final long TRANSACTIONS_SECONDS = 180;

    private static final long PAUSE_MILLIS = 20;

    private final KafkaAccess access;
    private final Topics topics;
    private final Admin admin;

    LogSurvey(KafkaAccess access) {
        this.access = access;
        this.topics = access.topics();
        Map<String, Object> properties = access.adminProperties();
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        properties.putIfAbsent("request.timeout.ms", 10_000);
        this.admin = Admin.create(properties);
    }

    /**
     * The part of the log from this moment on, or all of it; but not from before the moment since which every topic is whole,
     * since what belongs together is kept for different times.
     *
     * @throws AuditUnavailableException when the brokers do not answer, or the topics are not there
     */
    LogStretch stretch(Optional<Instant> from) {
        List<TopicPartition> partitions = partitions();
        // The order matters: what was committed before the ends are taken has its consequences before them.
        Map<TopicPartition, Long> committed = committed();
        Map<TopicPartition, Long> followed = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> ends = endsOfTransactionsUpTo(followed);
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Optional<Instant> since =
                Stream.concat(from.stream(), wholeSince(begins).stream()).max(Comparator.naturalOrder());
        since.ifPresent(moment -> offsets(partitions, OffsetSpec.forTimestamp(moment.toEpochMilli()))
                .forEach((partition, offset) -> {
                    if (!partition.topic().equals(topics.pipelines().name())) {
                        begins.put(partition, offset < 0 ? ends.getOrDefault(partition, 0L) : offset);
                    }
                }));
        return new LogStretch(since, begins, ends, followed, committed);
    }

    /** All that there is, whatever else has been dropped. @throws AuditUnavailableException as above */
    LogStretch everything() {
        List<TopicPartition> partitions = partitions();
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        return new LogStretch(Optional.empty(), offsets(partitions, OffsetSpec.earliest()), ends, ends, Map.of());
    }

    /**
     * Ends before which there is all that was written before or in one transaction with what lies before those that are given. Those are not taken of all
     * partitions at one moment, so that the parts of a transaction may lie on both sides of them. When all before them is committed, all of
     * its company has been written; when that is committed, too, no transaction is cut in two.
     */
    private Map<TopicPartition, Long> endsOfTransactionsUpTo(Map<TopicPartition, Long> given) {
        awaitCommitted(given);
        awaitCommitted(offsets(given.keySet(), OffsetSpec.latest()));
        return stableOffsets(given.keySet());
    }

    /** Before them no transaction is open. */
    private Map<TopicPartition, Long> stableOffsets(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        listed(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED)
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
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
            if (System.nanoTime() - begunNanos > TRANSACTIONS_SECONDS * 1_000_000_000L) {
                throw new AuditUnavailableException(
                        "transactions have been open for " + TRANSACTIONS_SECONDS + " s in " + open);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AuditUnavailableException("interrupted", e);
            }
        }
    }

    /** Since when nothing has been dropped of what belongs to a run; empty when nothing ever has. */
    private Optional<Instant> wholeSince(Map<TopicPartition, Long> begins) {
        Map<String, Duration> kept = new HashMap<>();
        for (Topic<?> topic :
                List.of(topics.triggers(), topics.runCommands(), topics.taskEvents(), topics.runEvents())) {
            kept.put(topic.name(), topic.retention());
        }
        begins.keySet()
                .forEach(partition -> topics.queueOf(partition.topic())
                        .ifPresent(queue ->
                                kept.put(partition.topic(), topics.tasks(queue).retention())));
        List<TopicPartition> cut = begins.keySet().stream()
                .filter(partition -> kept.containsKey(partition.topic()) && begins.getOrDefault(partition, 0L) > 0)
                .toList();
        return cut.isEmpty()
                ? Optional.empty()
                : listed(cut, OffsetSpec.forTimestamp(0)).entrySet().stream()
                        .map(first -> first.getValue().offset() < 0
                                ? Instant.now()
                                        .minus(kept.getOrDefault(first.getKey().topic(), Duration.ZERO))
                                : Instant.ofEpochMilli(first.getValue().timestamp()))
                        .max(Comparator.naturalOrder());
    }

    private List<TopicPartition> partitions() {
        List<String> needed = Stream.of(
                        topics.pipelines(),
                        topics.triggers(),
                        topics.runCommands(),
                        topics.taskEvents(),
                        topics.runEvents(),
                        topics.deadLetters(),
                        topics.workerHeartbeats())
                .map(topic -> topic.name())
                .toList();
        Collection<String> present = answer(admin.listTopics().names());
        List<String> missing =
                needed.stream().filter(name -> !present.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new AuditUnavailableException("there is no topic " + String.join(", ", missing) + " on "
                    + access.bootstrapServers() + "; has a coordinator with this prefix been started there?");
        }
        List<String> all = new ArrayList<>(needed);
        present.stream().filter(name -> topics.queueOf(name).isPresent()).forEach(all::add);
        Map<String, TopicDescription> descriptions =
                answer(admin.describeTopics(all).allTopicNames());
        return descriptions.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (String group : List.of(topics.coordinatorGroup(), topics.workerGroup())) {
            offsetsOf(group).forEach((partition, offset) -> {
                if (offset != null) {
                    committed.put(partition, offset.offset());
                }
            });
        }
        return committed;
    }

    private Map<TopicPartition, OffsetAndMetadata> offsetsOf(String group) {
        KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> offsets = admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec()),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group);
        try {
            return offsets.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of(); // Nobody of that kind has ever been there.
            }
            throw unavailable(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditUnavailableException("interrupted", e);
        }
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        listed(partitions, spec).forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> listed(Collection<TopicPartition> partitions, OffsetSpec spec) {
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
            Thread.currentThread().interrupt();
            throw new AuditUnavailableException("interrupted", e);
        }
    }

    private AuditUnavailableException unavailable(Throwable cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new AuditUnavailableException(
                "Kafka at " + access.bootstrapServers() + " does not answer: " + reason, cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
