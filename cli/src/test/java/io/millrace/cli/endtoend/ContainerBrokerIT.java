package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunView;
import io.millrace.embedded.EmbeddedRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The broker that people run, in a container and with its own settings, in the place of the embedded one. */
class ContainerBrokerIT {
    @TempDir
    private Path directory;

    @Test
    void aCoordinatorAndAWorkerRunAPipelineOverABrokerInAContainer() {
        Docker.isHereWith(Docker.KAFKA_IMAGE);
        DockerImageName image = DockerImageName.parse(Docker.KAFKA_IMAGE).asCompatibleSubstituteFor("apache/kafka");
        try (KafkaContainer kafka = new KafkaContainer(image)) {
            kafka.start();
            String bootstrap = kafka.getBootstrapServers();
            try (EmbeddedRegistry registry = EmbeddedRegistry.start(bootstrap, "127.0.0.1", 0);
                    MillraceProcess coordinator = process(
                            bootstrap,
                            registry,
                            List.of("coordinator", "--api-port", "0", "--state", path("c"), "--set", "standbys=0"));
                    MillraceProcess worker = process(
                            bootstrap,
                            registry,
                            List.of("worker", "--id", "w", "--set", "worker.directory=" + path("w")))) {
                assertThat(worker.awaitLine(line -> line.startsWith("worker ready")))
                        .isEqualTo("worker ready: w");
                runsThePipeline(coordinator);
            }
        }
    }

    private static void runsThePipeline(MillraceProcess coordinator) {
        URI url = Cluster.url(coordinator);
        Cli.at(url, "apply", "../docs/examples/diamond.yaml").ended(0);
        Cli.at(url, "trigger", "diamond", "--key", "once", "--wait").ended(0);
        String run = Cli.at(url, "trigger", "diamond", "--key", "once")
                .ended(0)
                .out()
                .strip();

        assertThat(Json.as(
                                RunView.class,
                                Cli.at(url, "show", run, "-o", "json").ended(0).json())
                        .succeeded())
                .isTrue();
        assertThat(Cli.at(url, "runs", "-o", "json").ended(0).json().path("runs"))
                .as("one run for one key")
                .hasSize(1);
        assertThat(Cli.at(url, "tail", "--run", run, "-o", "json").ended(0).jsonLines())
                .extracting(event -> event.path("type").asText())
                .startsWith("run_started")
                .endsWith("run_succeeded");
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static MillraceProcess process(String bootstrap, EmbeddedRegistry registry, List<String> verb) {
        List<String> arguments = new ArrayList<>(verb);
        arguments.addAll(List.of(
                "--bootstrap",
                bootstrap,
                "--registry",
                registry.url().toString(),
                "--set",
                "partitions=2",
                "--set",
                "replication.factor=1"));
        return MillraceProcess.start(arguments.toArray(String[]::new));
    }
}
