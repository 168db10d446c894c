package io.millrace.cli.client;

import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics of a platform as the brokers have them. What the brokers refuse, or do not answer in time, is an
 * {@link UnreachableException}.
 *
 * <p><em>Threading</em>: may be used by several threads.
 */
public final class ClusterTopics implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Admin admin;
    private final KafkaAccess access;

    /** Connects at the first question. */
    public ClusterTopics(KafkaAccess access) {
        this.access = access;
        Map<String, Object> properties = access.adminProperties();
        properties.putIfAbsent("default.api.timeout.ms", 20_000);
        properties.putIfAbsent("request.timeout.ms", 10_000);
        this.admin = Admin.create(properties);
    }

    /**
     * A topic as it is.
     *
     * @param replicas the least of any of its partitions
     * @param settings Kafka's, those that the brokers fill in included
     */
    public record Present(String name, int partitions, int replicas, Map<String, String> settings) {}

    /** The catalogue that the topics are held against. */
    public Topics catalogue() {
        return access.topics();
    }

    /** Every topic whose name begins as all of the platform do, by name. */
    public Map<String, Present> present() {
        List<String> names = new ArrayList<>();
        for (String name : answer(admin.listTopics().names())) {
            if (name.startsWith(access.topicPrefix())) {
                names.add(name);
            }
        }
        Map<String, TopicDescription> descriptions =
                answer(admin.describeTopics(names).allTopicNames());
        Map<ConfigResource, Config> configs = answer(admin.describeConfigs(names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all());
        Map<String, Present> present = new TreeMap<>();
        configs.forEach((resource, config) -> {
            TopicDescription description = Objects.requireNonNull(descriptions.get(resource.name()));
            Map<String, String> settings = new HashMap<>();
            for (ConfigEntry entry : config.entries()) {
                settings.put(entry.name(), String.valueOf(entry.value()));
            }
            int replicas = description.partitions().stream()
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0);
            present.put(
                    resource.name(),
                    new Present(resource.name(), description.partitions().size(), replicas, settings));
        });
        return present;
    }

    /** From how many offsets each topic's first and last record are apart: the number of its records, markers of transactions included. */
    public Map<String, Long> records(Collection<Present> topics) {
        Map<TopicPartition, OffsetSpec> first = new HashMap<>();
        Map<TopicPartition, OffsetSpec> last = new HashMap<>();
        for (Present topic : topics) {
            for (int i = 0; i < topic.partitions(); i++) {
                first.put(new TopicPartition(topic.name(), i), OffsetSpec.earliest());
                last.put(new TopicPartition(topic.name(), i), OffsetSpec.latest());
            }
        }
        var begin = answer(admin.listOffsets(first).all());
        Map<String, Long> records = new TreeMap<>();
        answer(admin.listOffsets(last).all())
                .forEach((partition, end) -> records.merge(
                        partition.topic(),
                        end.offset()
                                - Objects.requireNonNull(begin.get(partition)).offset(),
                        Long::sum));
        return records;
    }

    /** How many brokers there are. */
    public int brokers() {
        return answer(admin.describeCluster().nodes()).size();
    }

    /**
     * Creates those that are missing and waits until all can be used.
     *
     * @throws io.millrace.schemas.TopicCreationException when one cannot be created
     */
    public void create(Collection<Topic<?>> topics, int partitions, short replicas) {
        try {
            TopicCreation.ensure(admin, topics, partitions, replicas);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while topics were created", e);
        }
    }

    /** Which of these topics there are, whoever they belong to. */
    public Set<String> existing(Collection<String> names) {
        Set<String> existing = new TreeSet<>(answer(admin.listTopics().names()));
        existing.retainAll(names);
        return existing;
    }

    /**
     * Creates a topic that is not of the platform; one that is there already stays as it is.
     *
     * @throws IllegalArgumentException when the brokers refuse such a topic, with what they say
     */
    public void createOwn(String name, int partitions, short replicas) {
        try {
            answer(admin.createTopics(List.of(new NewTopic(name, partitions, replicas)))
                    .all());
        } catch (UnreachableException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
                if (!(cause instanceof TopicExistsException)) {
                    throw new IllegalArgumentException(String.valueOf(cause.getMessage()), cause);
                }
            } else {
                throw e;
            }
        }
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UnreachableException(
                    "Kafka at " + access.bootstrapServers() + " did not answer: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new UnreachableException("Kafka at " + access.bootstrapServers() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while Kafka was asked", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
