package io.millrace.cli.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The command as a process of its own, which can be killed, stopped and looked at. */
final class MillraceProcess implements AutoCloseable {
    private static final String MAIN = "io.millrace.cli.Main";

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();

    private MillraceProcess(Process process) {
        this.process = process;
        read(process.getInputStream(), out);
        read(process.getErrorStream(), err);
    }

    /** Executes a command line. */
    static MillraceProcess start(String... arguments) {
        return java(System.getProperty("java.class.path"), MAIN, arguments);
    }

    /** Executes any main class. */
    static MillraceProcess java(String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        try {
            return new MillraceProcess(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on standard output. */
    String awaitLine(Predicate<String> wanted) {
        return Until.found("a line on standard output of " + this, Duration.ofSeconds(90), () -> {
            Optional<String> line = out.stream().filter(wanted).findFirst();
            if (line.isEmpty() && !process.isAlive()) {
                throw new AssertionError("it ended before, with exit code " + process.exitValue() + ": " + this);
            }
            return line;
        });
    }

    /** Waits for the end and returns the exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + this);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** As a power cut would. */
    void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    String out() {
        return String.join("\n", out);
    }

    String err() {
        return String.join("\n", err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return process.info()
                        .commandLine()
                        .map(line -> line.replaceAll("-cp \\S+", "-cp …"))
                        .orElse("process") + "\n--- standard output\n" + out() + "\n--- standard error\n" + err();
    }

    private static void read(InputStream stream, List<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(the stream broke: " + e.getMessage() + ")");
            }
        });
        reader.setDaemon(true);
        reader.start();
    }
}
