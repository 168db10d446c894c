package io.millrace.embedded.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The compacted topic of one partition in which the schemas live: created when missing, otherwise checked.
 *
 * <p><b>Threading.</b> Safe for any thread.
 */
final class SchemasTopic implements AutoCloseable {
    /** The bound of a request's body twice over: quotes are escaped once more, and a subject comes along. */
    static final int MAX_RECORD_BYTES = 2 << 20;

    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final String bootstrapServers;
    private final String name;
    private final Admin admin;

    SchemasTopic(String bootstrapServers, String name) {
        this.bootstrapServers = bootstrapServers;
        this.name = name;
        this.admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "client.id", "millrace-registry-setup",
                "default.api.timeout.ms", Long.toString(LIMIT.toMillis()),
                "request.timeout.ms", "5000",
                "reconnect.backoff.ms", "20",
                "reconnect.backoff.max.ms", "1000",
                "retry.backoff.ms", "20",
                "enable.metrics.push", "false"));
    }

    String name() {
        return name;
    }

    /**
     * Returns when the topic is there.
     *
     * @throws IOException when Kafka does not answer, or the topic is such that schemas would be lost in it
     */
    void ensure() throws IOException {
        NewTopic wanted = new NewTopic(name, Optional.of(1), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", Integer.toString(MAX_RECORD_BYTES)));
        try {
            await(admin.createTopics(List.of(wanted)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IOException("The topic " + name + " cannot be created: " + e.getCause(), e);
            }
            check();
        }
        awaitUsable();
    }

    /** A topic that was created a moment ago is not known to its broker yet. */
    private void awaitUsable() throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                // Asked first, since asking for the offsets of an unknown topic makes Kafka's client log an error.
                describe();
                await(end());
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
                    throw new IOException("The topic " + name + " cannot be read: " + e.getCause(), e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** The offset behind the last committed record. */
    Future<Long> end() {
        TopicPartition partition = new TopicPartition(name, 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .partitionResult(partition)
                .thenApply(ListOffsetsResultInfo::offset);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private void check() throws IOException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try {
            int partitions = describe().partitions().size();
            if (partitions != 1) {
                throw new IOException("The topic " + name + " has " + partitions
                        + " partitions; the registry needs exactly one, or versions have no order");
            }
            Config config = await(requireNonNull(
                    admin.describeConfigs(List.of(resource)).values().get(resource)));
            String policy = config.get("cleanup.policy").value();
            if (!policy.equals("compact")) {
                throw new IOException("The topic " + name + " has cleanup.policy=" + policy
                        + "; the registry needs compact, or old schemas get lost");
            }
        } catch (ExecutionException e) {
            throw new IOException("The topic " + name + " cannot be described: " + e.getCause(), e);
        }
    }

    private TopicDescription describe() throws ExecutionException, IOException {
        return await(requireNonNull(
                admin.describeTopics(List.of(name)).topicNameValues().get(name)));
    }

    private <T> T await(Future<T> future) throws ExecutionException, IOException {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // The client has a limit of its own; whichever is reached first, it is the same news.
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw silence(e);
            }
            throw e;
        } catch (TimeoutException | CancellationException e) {
            throw silence(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for Kafka", e);
        }
    }

    private IOException silence(Exception cause) {
        return new IOException("Kafka does not answer at " + bootstrapServers, cause);
    }
}
