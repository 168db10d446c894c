package io.millrace.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root of the checkout, on what this very build has packaged. */
class LauncherIT {
    private static final Path SCRIPT =
            Path.of("..", "millrace").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    private record Ended(int code, String out) {}

    @Test
    void startsFromAnyDirectoryAndThroughSymbolicLinks() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(directory.resolve("with blanks"));
        Path link = Files.createSymbolicLink(folder.resolve("mr"), SCRIPT);
        Path relative = Files.createSymbolicLink(folder.resolve("again"), Path.of("mr"));

        assertThat(launch(link, Map.of(), "version").out()).startsWith("millrace 0.");
        assertThat(launch(relative, Map.of(), "version").out()).startsWith("millrace 0.");
    }

    @Test
    void passesArgumentsAndExitCodesOn() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("a b.yaml"), "id: a\ntasks:\n  - id: a\n    shel: echo\n");

        Ended validate = launch(SCRIPT, Map.of(), "validate", file.toString());

        assertThat(validate.code()).isEqualTo(2);
        assertThat(validate.out()).contains("a b.yaml:4:5:");
    }

    @Test
    void saysWhichJavaItNeeds() throws IOException, InterruptedException {
        Path old = directory.resolve("jdk-11");
        Path java = Files.createDirectories(old.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");

        Ended tooOld = launch(SCRIPT, Map.of("JAVA_HOME", old.toString()), "version");
        assertThat(tooOld.code()).isEqualTo(3);
        assertThat(tooOld.out()).contains("Java 17 or later is needed").contains("11.0.2");

        Ended missing = launch(SCRIPT, Map.of("JAVA_HOME", "/nonexistent"), "version");
        assertThat(missing.code()).isEqualTo(3);
        assertThat(missing.out()).contains("JAVA_HOME is /nonexistent");
    }

    private static Ended launch(Path script, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("MILLRACE_BUILD", "off");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out);
    }
}
