package io.millrace.coordinator.topology;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.schemas.config.KafkaAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run engine on Kafka Streams: exactly once, and committing when the batch is drained.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
public final class RunEngineStreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunEngineStreams.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final EngineCounts counts;
    private final CountDownLatch running = new CountDownLatch(1);

    /** The settings that depend on where the engine runs. */
    public record Placement(
            String application,
            String instanceId,
            Path stateDirectory,
            short replicationFactor,
            int standbys,
            int threads) {}

    /** An engine that is not started. */
    public RunEngineStreams(KafkaAccess kafka, Placement placement, Decisions decisions) {
        this.counts = decisions.counts();
        this.streams = new KafkaStreams(
                RunTopology.of(decisions),
                properties(kafka, placement, decisions.topics().triggers().name()),
                new EngineClients());
        streams.setStateListener((now, before) -> {
            log.debug("Run engine: {} after {}", now, before);
            if (now == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(error -> {
            log.error(
                    "A thread of the run engine failed; nothing of its open transaction counts, and it starts anew",
                    error);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    }

    private static Properties properties(KafkaAccess kafka, Placement placement, String triggers) {
        Properties properties = new Properties();
        kafka.clientProperties().forEach((name, value) -> properties.put(clientProperty(name), value));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, placement.application());
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG, placement.stateDirectory().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) placement.replicationFactor());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, placement.standbys());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, placement.threads());
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        // Commits are asked for when the batch is drained. The interval bounds what a miscount can cost, and how long
        // it
        // is not to be seen that a task was claimed, for which nobody waits.
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 50);
        properties.put(StreamsConfig.POLL_MS_CONFIG, 25);
        // Whatever has come is decided about: the order between the topics has no meaning, and waiting for one of them
        // costs time.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                PolledRecords.class.getName());
        properties.put(StreamsConfig.mainConsumerPrefix(PolledRecords.TOPIC_WITH_HEADERS), triggers);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A static member that comes back after a kill takes its partitions up again at once.
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), placement.instanceId());
        // The least that a broker accepts whose group.min.session.timeout.ms is the default.
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        // At 100 ms every other of back-to-back transactions waits for that long (KAFKA-18654).
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 8);
        // A commit sends whatever has gathered, and comes as soon as nothing is left to decide about. Until then
        // records
        // wait for company, or each would be a request of its own.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 100);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
        return properties;
    }

    private static String clientProperty(String name) {
        return name.startsWith("consumer.") ? "main." + name : name;
    }

    /** Starts; {@link #awaitRunning} tells when it runs. */
    public void start() {
        streams.start();
    }

    /** Whether it was running within the limit. */
    public boolean awaitRunning(Duration limit) throws InterruptedException {
        return running.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What keeps it from running just now; empty while it runs. */
    public Optional<String> trouble() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING ? Optional.empty() : Optional.of("the run engine is " + state);
    }

    /** What Kafka Streams and its clients measure, for a registry of meters. */
    public MeterBinder meters() {
        return new KafkaStreamsMetrics(streams);
    }

    /** What the engine itself counts, for a registry of meters. */
    public MeterBinder counts() {
        return counts;
    }

    /** What Kafka Streams measures. */
    public Map<org.apache.kafka.common.MetricName, ? extends org.apache.kafka.common.Metric> metrics() {
        return streams.metrics();
    }

    /** Finishes its transaction, leaves the group so that others take over at once, and ends. */
    @Override
    public void close() {
        CloseOptions options = CloseOptions.timeout(CLOSE_LIMIT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        if (!streams.close(options)) {
            log.warn("The run engine did not end within {} s", CLOSE_LIMIT.toSeconds());
        }
    }
}
