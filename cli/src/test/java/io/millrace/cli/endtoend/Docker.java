package io.millrace.cli.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The docker of this machine; tests that need it are skipped, with the reason, where there is none. */
final class Docker {
    static final String JAVA_IMAGE = environment("JAVA_IMAGE", "eclipse-temurin:17-jre");
    static final String KAFKA_IMAGE = environment("KAFKA_IMAGE", "apache/kafka:4.3.1");

    static final String BUSYBOX = "millrace-test:busybox";

    private Docker() {}

    /** What a command answered. */
    record Answer(int code, String out) {
        /** What it wrote, without the end of the line; it must have ended well. */
        String well() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + "\n" + out);
            }
            return out.strip();
        }
    }

    /** Skips the test where Docker does not answer. */
    static void isHere() {
        assumeTrue(execute("docker", "version").code() == 0, "no Docker answers here");
    }

    /** Makes {@link #BUSYBOX} of this machine's static busybox; skips the test where there is none. */
    static void importBusybox(Path directory) throws IOException {
        Path busybox = Path.of("/bin/busybox");
        assumeTrue(Files.isExecutable(busybox), "there is no static busybox here (Debian: busybox-static)");
        Path bin = Files.createDirectories(directory.resolve("root/bin"));
        Files.copy(busybox, bin.resolve("busybox"));
        for (String name : List.of("sh", "cat", "sleep", "echo", "env", "true", "sed")) {
            Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
        }
        execute("sh", "-c", "tar -C " + directory.resolve("root") + " -c . | docker import - " + BUSYBOX)
                .well();
    }

    /** Skips the test where Docker does not answer, or an image is missing that cannot be built here. */
    static void isHereWith(String... images) {
        isHere();
        for (String image : images) {
            assumeTrue(
                    execute("docker", "image", "inspect", image).code() == 0,
                    "there is no image " + image + " here: docker pull, or compose/stand-ins/build.sh");
        }
    }

    /** Whether Docker answers, and has this image. */
    static boolean has(String image) {
        return execute("docker", "image", "inspect", image).code() == 0;
    }

    /** The command for compose files: the plugin of today, else the program of before. */
    static List<String> compose() {
        if (execute("docker", "compose", "version").code() == 0) {
            return List.of("docker", "compose");
        }
        assumeTrue(
                execute("docker-compose", "version").code() == 0, "there is neither docker compose nor docker-compose");
        return List.of("docker-compose");
    }

    static Answer execute(String... command) {
        return execute(Map.of(), Arrays.asList(command));
    }

    static Answer execute(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), out);
        } catch (IOException e) {
            return new Answer(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String environment(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }
}
