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
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Finds out which topics a platform has, where they begin and end, and how far its coordinators and workers have got. */
final class LogSurvey implements AutoCloseable {
    private final KafkaAccess access;
    private final Topics topics;
    private final ClusterOffsets cluster;

    LogSurvey(KafkaAccess access) {
        this.access = access;
        this.topics = access.topics();
        this.cluster = new ClusterOffsets(access);
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
        Map<TopicPartition, Long> committed =
                cluster.committed(List.of(topics.coordinatorGroup(), topics.workerGroup()));
        Map<TopicPartition, Long> followed = cluster.offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> ends = cluster.endsOfTransactionsUpTo(followed);
        Map<TopicPartition, Long> begins = cluster.offsets(partitions, OffsetSpec.earliest());
        Optional<Instant> since =
                Stream.concat(from.stream(), wholeSince(begins).stream()).max(Comparator.naturalOrder());
        since.ifPresent(moment -> cluster.offsets(partitions, OffsetSpec.forTimestamp(moment.toEpochMilli()))
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
        Map<TopicPartition, Long> ends = cluster.offsets(partitions, OffsetSpec.latest());
        return new LogStretch(
                Optional.empty(), cluster.offsets(partitions, OffsetSpec.earliest()), ends, ends, Map.of());
    }

    /** Since when nothing has been dropped of what belongs to a run; empty when nothing ever has. */
    private Optional<Instant> wholeSince(Map<TopicPartition, Long> begins) {
        Map<String, Duration> kept = new HashMap<>();
        for (Topic<?> topic : List.of(
                topics.triggers(),
                topics.runCommands(),
                topics.taskEvents(),
                topics.admissions(),
                topics.backfills(),
                topics.alertSignals(),
                topics.runEvents())) {
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
                : cluster.listed(cut, OffsetSpec.forTimestamp(0)).entrySet().stream()
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
                        topics.admissions(),
                        topics.backfills(),
                        topics.runEvents(),
                        topics.deadLetters(),
                        topics.workerHeartbeats())
                .map(topic -> topic.name())
                .toList();
        Collection<String> present = cluster.topics();
        List<String> missing =
                needed.stream().filter(name -> !present.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw new AuditUnavailableException("there is no topic " + String.join(", ", missing) + " on "
                    + access.bootstrapServers() + "; has a coordinator with this prefix been started there?");
        }
        List<String> all = new ArrayList<>(needed);
        // Of a version that had no alerts there may be none.
        Stream.of(topics.alertSignals().name(), topics.alerts().name())
                .filter(present::contains)
                .forEach(all::add);
        present.stream().filter(name -> topics.queueOf(name).isPresent()).forEach(all::add);
        return cluster.partitions(all);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
