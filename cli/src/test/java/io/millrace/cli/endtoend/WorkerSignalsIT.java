package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
@Tag("every-jdk")
class WorkerSignalsIT {
    @Test
    void theSecondSignalEndsAWorkerAtOnceAndItsScriptsWithIt(@TempDir Path directory) throws IOException {
        Path ready = directory.resolve("script.pid");
        Path pipeline = Files.writeString(directory.resolve("long_work.yaml"), """
                id: long_work
                tasks:
                  - {id: work, queue: signals, shell: "echo $$ > $READY.new; mv $READY.new $READY; sleep 300", env: {READY: "%s"}}
                """.formatted(ready));
        KafkaAccess kafka = SharedPlatform.get().kafka();
        Path config = Files.writeString(directory.resolve("worker.properties"), """
                millrace.kafka.bootstrap.servers=%s
                millrace.registry.url=%s
                millrace.topic.prefix=%s
                millrace.worker.directory=%s
                millrace.worker.grace=5m
                millrace.partitions=4
                millrace.replication.factor=1
                """.formatted(
                        kafka.bootstrapServers(), kafka.registryUrl(), kafka.topicPrefix(), directory));
        try (MillraceProcess worker = MillraceProcess.start(
                "worker", "--config", config.toString(), "--id", "signalled", "--queues", "signals")) {
            worker.awaitLine(line -> line.startsWith("worker ready"));
            Cli.execute("apply", pipeline.toString()).ended(0);
            Cli.execute("trigger", "long_work").ended(0);
            Until.holds("the script runs", () -> Files.exists(ready));
            ProcessHandle script = ProcessHandle.of(
                            Long.parseLong(Files.readString(ready).strip()))
                    .orElseThrow();

            worker.signal("TERM");
            Until.holds("the worker drains", () -> worker.err().contains("stopping signalled"));
            assertThat(script.isAlive()).as("the task may finish").isTrue();
            worker.signal("TERM");

            assertThat(worker.awaitExit()).isEqualTo(130);
            Until.holds("the script has ended, too", Duration.ofSeconds(30), () -> !script.isAlive());
        }
    }

    @Test
    void aWorkerThatWaitsForKafkaEndsWhenItIsAskedTo(@TempDir Path directory) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (MillraceProcess worker = MillraceProcess.start(
                "worker",
                "--debug",
                "--bootstrap",
                "127.0.0.1:" + port,
                "--registry",
                "http://127.0.0.1:" + port,
                "--id",
                "early-" + ProcessHandle.current().pid())) {
            Until.holds("it looks for Kafka", () -> (worker.out() + worker.err()).contains("could not be established"));
            Instant asked = Instant.now();

            worker.signal("TERM");

            assertThat(worker.awaitExit()).isZero();
            assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(20));
            assertThat(worker.err()).contains("stopped before it took part");
        }
    }
}
