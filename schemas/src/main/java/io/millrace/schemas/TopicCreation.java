package io.millrace.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that are missing and waits until all are usable. Topics that exist are left as they are, so that an
 * operator may create them beforehand, with other settings.
 *
 * <p><em>Threading:</em> stateless; several processes may do this at the same time.
 */
public final class TopicCreation {
    private static final Logger log = LoggerFactory.getLogger(TopicCreation.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Admin admin;
    private final Map<String, Topic<?>> topics = new LinkedHashMap<>();
    private final int partitions;
    private final short replicationFactor;
    private final long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();

    private TopicCreation(Admin admin, Collection<? extends Topic<?>> topics, int partitions, short replicationFactor) {
        this.admin = admin;
        this.partitions = partitions;
        this.replicationFactor = replicationFactor;
        topics.forEach(topic -> this.topics.put(topic.name(), topic));
    }

    /**
     * Returns when every topic exists and every partition of it has a leader; at most after a minute.
     *
     * @param admin a client of the cluster; it is not closed
     * @param topics the topics
     * @param partitions how many partitions spread and aligned topics are created with, at least 1. An aligned topic is
     *     created with as many as the aligned ones that exist already.
     * @param replicationFactor how many replicas, at least 1; from 3 on, two must have a record before it counts as written
     * @throws TopicCreationException when a topic cannot be created, when aligned topics differ in their partitions, or when
     *     the topics are not usable in time
     * @throws InterruptedException when the thread is interrupted
     */
    public static void ensure(
            Admin admin, Collection<? extends Topic<?>> topics, int partitions, short replicationFactor)
            throws InterruptedException {
        if (partitions < 1) {
            throw new IllegalArgumentException("topics cannot have " + partitions + " partitions; at least 1");
        }
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("topics cannot have " + replicationFactor + " replicas; at least 1");
        }
        new TopicCreation(admin, topics, partitions, replicationFactor).ensure();
    }

    private void ensure() throws InterruptedException {
        var existing = describe();
        var missing = new ArrayList<NewTopic>();
        var aligned = alignedPartitions(existing);
        for (var topic : topics.values()) {
            if (!existing.containsKey(topic.name())) {
                var count = switch (topic.partitions()) {
                    case ONE -> 1;
                    case SPREAD -> partitions;
                    case ALIGNED -> aligned;
                };
                missing.add(new NewTopic(topic.name(), count, replicationFactor)
                        .configs(topic.settings(replicationFactor)));
            }
        }
        create(missing);
        awaitUsable();
    }

    private int alignedPartitions(Map<String, TopicDescription> existing) {
        return topics.values().stream()
                .filter(topic -> topic.partitions() == Partitions.ALIGNED)
                .flatMap(topic -> Optional.ofNullable(existing.get(topic.name())).stream())
                .mapToInt(description -> description.partitions().size())
                .findFirst()
                .orElse(partitions);
    }

    private void create(List<NewTopic> missing) throws InterruptedException {
        var waiting = new ArrayList<>(missing);
        while (!waiting.isEmpty()) {
            var failed = new ArrayList<NewTopic>();
            Throwable last = null;
            var results = admin.createTopics(waiting).values();
            for (var topic : waiting) {
                try {
                    Objects.requireNonNull(results.get(topic.name())).get();
                    log.info(
                            "created topic {} with {} partitions and {} replicas",
                            topic.name(),
                            topic.numPartitions(),
                            topic.replicationFactor());
                } catch (ExecutionException e) {
                    last = reason(e);
                    if (last instanceof TopicExistsException) {
                        continue; // somebody else was faster
                    }
                    if (!(last instanceof RetriableException)) {
                        throw refused(topic, last);
                    }
                    failed.add(topic);
                }
            }
            if (!failed.isEmpty()) {
                pause("topic " + failed.get(0).name() + " could not be created", last);
            }
            waiting = failed;
        }
    }

    private static TopicCreationException refused(NewTopic topic, Throwable reason) {
        var subject = "topic " + topic.name() + " cannot be created: " + reason.getMessage();
        if (reason instanceof InvalidReplicationFactorException) {
            return new TopicCreationException(
                    subject + " Start as many brokers as the replication factor, " + topic.replicationFactor()
                            + ", says, or lower it.",
                    reason);
        }
        if (reason instanceof AuthorizationException) {
            return new TopicCreationException(
                    subject + " Give this principal the right to create topics, or create the topic beforehand with "
                            + topic.numPartitions() + " partitions and " + topic.configs() + ".",
                    reason);
        }
        if (reason instanceof PolicyViolationException) {
            return new TopicCreationException(
                    subject + " Create it as the cluster's policy asks, with " + topic.numPartitions()
                            + " partitions and " + topic.configs() + ".",
                    reason);
        }
        return new TopicCreationException(subject, reason);
    }

    private void awaitUsable() throws InterruptedException {
        while (true) {
            var descriptions = describe();
            var unusable = new TreeSet<String>();
            for (var name : topics.keySet()) {
                var description = descriptions.get(name);
                if (description == null
                        || description.partitions().stream()
                                .anyMatch(p -> p.leader() == null || p.leader().isEmpty())) {
                    unusable.add(name);
                }
            }
            if (unusable.isEmpty()) {
                checkAlignment(descriptions);
                return;
            }
            pause("no broker leads every partition of " + String.join(", ", unusable), null);
        }
    }

    private void checkAlignment(Map<String, TopicDescription> descriptions) {
        var counts = new TreeMap<String, Integer>();
        descriptions.forEach((name, description) -> {
            var topic = topics.get(name);
            if (topic != null && topic.partitions() == Partitions.ALIGNED) {
                counts.put(name, description.partitions().size());
            }
        });
        if (counts.values().stream().distinct().count() > 1) {
            throw new TopicCreationException(
                    "these topics must have the same number of partitions, but have " + counts
                            + ". Add partitions to the smaller one while no run is open.",
                    null);
        }
    }

    private Map<String, TopicDescription> describe() throws InterruptedException {
        while (true) {
            var found = new HashMap<String, TopicDescription>();
            Throwable trouble = null;
            var answers = admin.describeTopics(topics.keySet()).topicNameValues();
            for (var name : topics.keySet()) {
                try {
                    found.put(name, Objects.requireNonNull(answers.get(name)).get());
                } catch (ExecutionException e) {
                    var reason = reason(e);
                    if (reason instanceof UnknownTopicOrPartitionException) {
                        continue;
                    }
                    if (!(reason instanceof RetriableException)) {
                        throw new TopicCreationException(
                                "topic " + name + " cannot be described: " + reason.getMessage(), reason);
                    }
                    trouble = reason;
                }
            }
            if (trouble == null) {
                return found;
            }
            pause("the cluster does not answer", trouble);
        }
    }

    private void pause(String state, @Nullable Throwable last) throws InterruptedException {
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new TopicCreationException(
                    "after " + PATIENCE.toSeconds() + " s " + state + (last == null ? "" : ": " + last.getMessage())
                            + ". Look at the brokers' state and at the client's bootstrap servers.",
                    last);
        }
        Thread.sleep(PAUSE.toMillis());
    }

    private static Throwable reason(ExecutionException e) {
        return e.getCause() == null ? e : e.getCause();
    }
}
