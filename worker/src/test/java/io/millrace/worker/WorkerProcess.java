package io.millrace.worker;

import io.millrace.schemas.config.KafkaAccess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A worker in a JVM of its own, so that it can be killed. */
final class WorkerProcess {
    private WorkerProcess() {}

    public static void main(String[] args) throws InterruptedException {
        KafkaAccess access = new KafkaAccess(args[0], URI.create(args[1]), args[2], Map.of());
        Worker worker = Worker.start(WorkerConfig.of(access)
                .withWorkerId(args[3])
                .withWorkDirectory(Path.of(args[4]))
                .withHeartbeatInterval(Duration.ofMillis(500))
                .withTopics(Stage.PARTITIONS, (short) 1));
        worker.awaitDrained();
    }

    static Process start(KafkaAccess access, String workerId, Path directory) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        WorkerProcess.class.getName(),
                        access.bootstrapServers(),
                        access.registryUrl().toString(),
                        access.topicPrefix(),
                        workerId,
                        directory.toString()))
                .inheritIO()
                .start();
    }
}
