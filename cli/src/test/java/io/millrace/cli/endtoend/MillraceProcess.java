package io.millrace.cli.endtoend;

import io.millrace.cli.client.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The command as a process of its own, which can be killed, stopped and looked at. */
public final class MillraceProcess implements AutoCloseable {
    private static final String MAIN = "io.millrace.cli.Main";

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();

    private final List<Thread> readers;

    private MillraceProcess(Process process) {
        this.process = process;
        this.readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
    }

    /** Executes a command line. */
    public static MillraceProcess start(String... arguments) {
        return java(List.of(), MAIN, arguments);
    }

    /** The whole platform on free ports, with its data in this directory; {@link #upUrl} tells when it is ready. */
    static MillraceProcess up(Path data) {
        return start(
                "up",
                "-o",
                "json",
                "--data",
                data.toString(),
                "--kafka-port",
                "0",
                "--registry-port",
                "0",
                "--api-port",
                "0");
    }

    /** Where the API of {@code up} is, without a slash at its end; waits until it is ready. */
    URI upUrl() {
        return URI.create(Json.parse(awaitLine(line -> line.startsWith("{")))
                .path("url")
                .asText()
                .replaceFirst("/$", ""));
    }

    /** Executes a command line that puts its temporary files here. */
    static MillraceProcess startWithTemporary(Path directory, String... arguments) {
        return java(List.of("-Djava.io.tmpdir=" + directory), MAIN, arguments);
    }

    /** Executes any main class of the command or of its tests. */
    public static MillraceProcess java(List<String> options, String main, String... arguments) {
        return java(List.of(), options, main, arguments);
    }

    /** Executes any main class of the command or of its tests by way of another command. @param before what comes before Java */
    public static MillraceProcess java(List<String> before, List<String> options, String main, String... arguments) {
        List<String> java = new ArrayList<>(JavaOptions.ALL);
        java.add("-Xmx512m");
        java.addAll(options);
        return java(before, java, JavaOptions.CLASS_PATH, main, arguments);
    }

    /** Executes a main class of other classes than those of the command. */
    static MillraceProcess of(String classPath, String main, String... arguments) {
        return java(List.of(), List.of("-Xmx512m"), classPath, main, arguments);
    }

    private static MillraceProcess java(
            List<String> before, List<String> options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        try {
            return new MillraceProcess(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line on standard output. */
    public String awaitLine(Predicate<String> wanted) {
        return awaitLine(wanted, Duration.ofSeconds(90));
    }

    /** Waits for a line on standard output, at most so long. */
    public String awaitLine(Predicate<String> wanted, Duration limit) {
        Supplier<String> what = () -> "a line on standard output of " + this + threads();
        return Until.found(what, limit, () -> {
            boolean over = !process.isAlive();
            if (over) {
                awaitReaders();
            }
            Optional<String> line = out.stream().filter(wanted).findFirst();
            if (line.isEmpty() && over) {
                throw new AssertionError("it ended before, with exit code " + process.exitValue() + ": " + this);
            }
            return line;
        });
    }

    /** Waits for the end and returns the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(90, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + this);
            }
            awaitReaders();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it has written to its end must not be missed; a child that holds the stream open is not waited for. */
    private void awaitReaders() {
        try {
            for (Thread reader : readers) {
                reader.join(2_000);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What all of its threads are doing, as the JVM tells it on standard output; for a failure's report. */
    private String threads() {
        int before = out.size();
        signal("QUIT");
        try {
            Until.holds(
                    "a thread dump",
                    Duration.ofSeconds(10),
                    () -> out.stream().skip(before).anyMatch(line -> line.startsWith("JNI global refs")));
        } catch (AssertionError none) {
            return "\n--- no thread dump came";
        }
        return "\n--- its threads\n" + String.join("\n", out.subList(before, out.size()));
    }

    /** All that it has printed, and what its threads are doing; for a failure's report. */
    public String said() {
        return this + threads();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** As a power cut would. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    public String out() {
        return String.join("\n", out);
    }

    public String err() {
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

    private static Thread read(InputStream stream, List<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(the stream broke: " + e.getMessage() + ")");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
