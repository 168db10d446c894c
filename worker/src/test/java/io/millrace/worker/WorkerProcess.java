package io.millrace.worker;

import io.millrace.schemas.config.KafkaAccess;
import io.millrace.worker.artifact.ArtifactSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A worker in a JVM of its own, so that it can be killed; its transactional handler {@code tx} sends its run's id to the topic {@code effects}. */
final class WorkerProcess {
    private WorkerProcess() {}

    public static void main(String[] args) throws InterruptedException {
        KafkaAccess access = new KafkaAccess(
                args[0],
                URI.create(args[1]),
                args[2],
                Map.of("producer.interceptor.classes", HaltingInterceptor.class.getName()));
        WorkerConfig config = WorkerConfig.of(access)
                .withWorkerId(args[3])
                .withWorkDirectory(Path.of(args[4]))
                .withHeartbeatInterval(Duration.ofMillis(500))
                .withTopics(Stage.PARTITIONS, (short) 1);
        Worker worker = Worker.builder(
                        args.length > 5 ? config.withArtifacts(ArtifactSettings.in(Path.of(args[5]))) : config)
                .transactionalHandler("tx", context -> {
                    context.send(access.topicPrefix() + "effects", context.run(), context.task());
                    return null;
                })
                .start();
        worker.awaitDrained();
    }

    static Process start(KafkaAccess access, String workerId, Path directory) throws IOException {
        return start(access, workerId, directory, List.of("-Xmx256m"));
    }

    /** A worker in a JVM with these options, and with a store for artifacts when there is one more path. */
    static Process start(KafkaAccess access, String workerId, Path directory, List<String> options, Path... store)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WorkerProcess.class.getName(),
                access.bootstrapServers(),
                access.registryUrl().toString(),
                access.topicPrefix(),
                workerId,
                directory.toString()));
        for (Path path : store) {
            command.add(path.toString());
        }
        return new ProcessBuilder(command).inheritIO().start();
    }
}
