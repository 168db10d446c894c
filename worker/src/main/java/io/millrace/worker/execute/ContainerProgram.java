package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The program by which this machine runs containers: {@code docker}, or {@code podman} where there is no docker.
 *
 * <p><b>Threading:</b> any thread.
 */
final class ContainerProgram {
    private static final List<String> NAMES = List.of("docker", "podman");
    private static final int PATIENCE_SECONDS = 30;

    private final String path;
    private final Map<String, String> environment;

    private ContainerProgram(String path, Map<String, String> environment) {
        this.path = path;
        this.environment = environment;
    }

    /** The program that a process with this environment finds; empty when there is none. */
    static Optional<ContainerProgram> find(Map<String, String> environment) {
        Programs programs = Programs.of(environment);
        return NAMES.stream()
                .flatMap(name -> programs.find(name).stream())
                .findFirst()
                .map(path -> new ContainerProgram(path, environment));
    }

    boolean isDocker() {
        return path.endsWith("docker");
    }

    /** A command line of the program. */
    List<String> words(List<String> arguments) {
        List<String> words = new ArrayList<>(List.of(path));
        words.addAll(arguments);
        return words;
    }

    /** What it answers to a question; empty when it refuses, or does not answer in time. */
    Optional<String> ask(String... arguments) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(words(List.of(arguments)))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var ender = new Ender(process)) {
                String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return ender.endedWell() ? Optional.of(answer.strip()) : Optional.empty();
            }
        } catch (IOException cannotBeStarted) {
            return Optional.empty();
        }
    }

    /** Ends a process that has not ended by itself in time, so that nobody waits for what it might still say. */
    private record Ender(Process process) implements AutoCloseable {
        private Ender {
            process.onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((ended, late) -> process.destroyForcibly());
        }

        boolean endedWell() throws InterruptedException {
            return process.waitFor() == 0;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
