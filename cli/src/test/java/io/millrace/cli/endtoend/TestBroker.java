package io.millrace.cli.endtoend;

import io.millrace.embedded.EmbeddedRegistry;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.util.Map;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The broker and the registry that the clusters of tests use: the embedded ones, or, with
 * {@code -Dmillrace.test.broker=container}, Apache Kafka in a container, whose image {@code KAFKA_IMAGE} names. Started at first use, ended
 * with the JVM.
 */
final class TestBroker {
    static final String MISSING = "the broker is to be in a container, and there is no Docker, or no image of it";

    private static final String CONTAINER = "container";

    private TestBroker() {}

    /** Whether there can be one: a container needs Docker and an image. */
    static boolean isThere() {
        return !isInContainer() || Docker.has(Docker.KAFKA_IMAGE);
    }

    /** How it is reached. */
    static KafkaAccess access() {
        return isInContainer() ? InContainer.ACCESS : SharedPlatform.get().kafka();
    }

    private static boolean isInContainer() {
        return System.getProperty("millrace.test.broker", "embedded").equals(CONTAINER);
    }

    /** The container; only where one is wanted. */
    private static final class InContainer {
        private static final KafkaAccess ACCESS = start();

        private static KafkaAccess start() {
            KafkaContainer kafka = new KafkaContainer(
                    DockerImageName.parse(Docker.KAFKA_IMAGE).asCompatibleSubstituteFor("apache/kafka"));
            kafka.start();
            EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.getBootstrapServers(), "127.0.0.1", 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                registry.close();
                kafka.close();
            }));
            System.out.println("the broker of these tests is " + Docker.KAFKA_IMAGE + " in a container, at "
                    + kafka.getBootstrapServers());
            return new KafkaAccess(kafka.getBootstrapServers(), registry.url(), Topics.STANDARD_PREFIX, Map.of());
        }
    }
}
