package io.millrace.worker.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The docker of this machine, and an image of busybox alone; tests are skipped, with the reason, where either is missing. */
final class TestingContainers {
    static final String IMAGE = "millrace-test:busybox";
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private TestingContainers() {}

    static void prepare(Path directory) throws IOException {
        assumeTrue(docker("version").isWell(), "no Docker answers here");
        assumeTrue(Files.isExecutable(BUSYBOX), "there is no static busybox here (Debian: busybox-static)");
        Path bin = Files.createDirectories(directory.resolve("root/bin"));
        Files.createDirectory(directory.resolve("root/tmp"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String name : List.of("sh", "cat", "sleep", "echo", "tail", "id", "env")) {
            Files.createSymbolicLink(bin.resolve(name), Path.of("busybox"));
        }
        Answer imported = run(
                "sh",
                "-c",
                "tar -C " + directory.resolve("root") + " -c . | docker import - " + IMAGE + " && docker run --rm "
                        + IMAGE + " /bin/echo it runs");
        assertThat(imported.out()).contains("it runs");
    }

    record Answer(int code, String out) {
        boolean isWell() {
            return code == 0;
        }
    }

    /** The containers of a worker that there are, also those that have ended. */
    static List<String> of(String worker) {
        return docker("ps", "-aq", "--no-trunc", "--filter", "label=io.millrace.worker=" + worker)
                .out()
                .lines()
                .toList();
    }

    /** The command lines of all processes of this machine that name docker. */
    static List<String> commandLines() throws IOException {
        List<String> lines = new ArrayList<>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String line = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (line.contains("docker")) {
                        lines.add(line.replace('\0', ' '));
                    }
                } catch (IOException hasEnded) {
                    continue;
                }
            }
        }
        return lines;
    }

    static Answer docker(String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "docker";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return run(words);
    }

    private static Answer run(String... words) {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), out);
        } catch (IOException e) {
            return new Answer(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
