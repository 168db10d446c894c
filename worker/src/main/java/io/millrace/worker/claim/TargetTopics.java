package io.millrace.worker.claim;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the topics that handlers send to, so that a misspelt one is told to the handler: in the transaction it would make the producer, and with it every
 * other task, wait for a topic that never comes.
 *
 * <p><b>Threading:</b> any number of handlers' threads, which wait for Kafka's answer the first time, and again after a minute.
 */
final class TargetTopics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TargetTopics.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofMinutes(1);

    private record Known(int partitions, long atNanos) {
        boolean isFresh() {
            return System.nanoTime() - atNanos < FRESH.toNanos();
        }
    }

    private final Admin admin;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    TargetTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Lets pass what exists, and also what cannot be looked up at the moment: the transaction will tell.
     *
     * @throws IllegalArgumentException when Kafka refuses the topic, or it has no such partition
     */
    void require(String topic, @Nullable Integer partition) {
        Known answer = known.get(topic);
        if (answer == null || !answer.isFresh() || partition != null && partition >= answer.partitions()) {
            answer = lookUp(topic);
        }
        if (answer != null && partition != null && partition >= answer.partitions()) {
            throw new IllegalArgumentException("The topic '" + topic + "' has no partition " + partition
                    + "; it has the partitions 0 to " + (answer.partitions() - 1) + ".");
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private @Nullable Known lookUp(String topic) {
        try {
            int partitions = admin
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .stream()
                    .mapToInt(description -> description.partitions().size())
                    .sum();
            Known answer = new Known(partitions, System.nanoTime());
            known.put(topic, answer);
            return answer;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalArgumentException("There is no topic '" + topic + "'.", e);
            }
            if (e.getCause() instanceof InvalidTopicException) {
                throw new IllegalArgumentException("'" + topic + "' is no name for a topic.", e);
            }
            if (e.getCause() instanceof TopicAuthorizationException) {
                throw new IllegalArgumentException("This worker may not use the topic '" + topic + "'.", e);
            }
            LOG.debug("The topic {} cannot be looked up", topic, e);
            return null;
        } catch (TimeoutException e) {
            LOG.debug("The topic {} cannot be looked up", topic, e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The handler was interrupted while it sent to '" + topic + "'.", e);
        }
    }
}
