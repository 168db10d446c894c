package io.millrace.bench.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of the lab, with the class path of this one. It ends when its standard input does, so none outlives the bench, however that ends.
 *
 * <p><b>Threading:</b> used by one thread; a thread of its own reads what the process says.
 */
public final class LabProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(30);
    private static final Duration HEAP_LIMIT = Duration.ofSeconds(60);
    private static final String END = "\0";

    private final String name;
    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private LabProcess(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.errors = errors;
        Thread reader = new Thread(this::read, name + "-lines");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a main class.
     *
     * @param directory where what it says on standard error is written
     */
    static LabProcess start(String name, Path directory, List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.awt.headless=true");
        command.add("-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.millrace");
        if (Runtime.version().feature() >= 23) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Path errors = directory.resolve(name + ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
            return new LabProcess(name, process, errors);
        } catch (IOException e) {
            throw new UncheckedIOException("The process " + name + " could not be started", e);
        }
    }

    /** What it is called. */
    public String name() {
        return name;
    }

    /** The next line that begins with this word; what comes after the word. @throws LabException when it ends before, or says nothing for so long */
    public String await(String word, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new LabException(
                            name + " has not said '" + word + "' for " + limit.toSeconds() + " s" + tail());
                }
                if (line.equals(END)) {
                    lines.add(END);
                    throw new LabException(name + " has ended" + tail());
                }
                if (line.startsWith(word + " ")) {
                    return line.substring(word.length() + 1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }

    /** What is in use of its heap after a collection. @throws LabException as {@link #await} does */
    public long heapBytes() {
        return Long.parseLong(ask("heap", HEAP_LIMIT));
    }

    /** What it answers to a line on its standard input: a line that begins with this word. @throws LabException as {@link #await} does */
    public String ask(String word, Duration limit) {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException gone) {
            throw new LabException(name + " has ended" + tail());
        }
        return await(word, limit);
    }

    /** @throws LabException when it has ended */
    void check() {
        if (!process.isAlive()) {
            throw new LabException(name + " has ended" + tail());
        }
    }

    /** What it has taken so far. */
    public Usage usage() {
        return Usage.of(process.toHandle());
    }

    /** As a power cut would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(END_LIMIT);
    }

    /** Ends it in order; what does not end within 30 s is killed. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Then it has ended.
        }
        if (!awaitEnd(END_LIMIT)) {
            process.destroyForcibly();
            awaitEnd(END_LIMIT);
        }
    }

    private boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String tail() {
        try {
            List<String> said = Files.readAllLines(errors, StandardCharsets.UTF_8);
            return ":\n" + String.join("\n", said.subList(Math.max(0, said.size() - 20), said.size()));
        } catch (IOException e) {
            return "";
        }
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException gone) {
            // As good as its end.
        }
        lines.add(END);
    }
}
