package io.millrace.worker.execute;

import io.millrace.worker.execute.ProcessRunner.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A warm Python: an interpreter that was started for many tasks and forks a process for each; {@code python_host.py} has the protocol. A task that it has
 * begun must not be begun again, and one that it has not can be.
 *
 * <p><b>Threading:</b> any number of threads begin tasks; one of its own reads the answers, and one what it says on standard error.
 */
final class PythonHost {
    private static final Logger LOG = LoggerFactory.getLogger(PythonHost.class);
    private static final String PROGRAM = "python_host.py";

    /** On a machine without breath; it takes a fraction of a second. */
    private static final Duration START_LIMIT = Duration.ofSeconds(20);

    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(20);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);
    private static final int MOST_LINES_LOGGED = 100;

    private final String interpreter;
    private final Map<String, String> given;
    private final Path directory;
    private final Process process;
    private final PythonTasks tasks = new PythonTasks();
    private final CompletableFuture<StartVariables> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended;
    private volatile Optional<String> unfit = Optional.empty();
    private volatile boolean spent;
    private volatile boolean retired;

    private PythonHost(String interpreter, Map<String, String> given, Path directory, Process process) {
        this.interpreter = interpreter;
        this.given = given;
        this.directory = directory;
        this.process = process;
        this.ended = process.onExit().thenRun(() -> delete(directory));
    }

    /**
     * Starts one.
     *
     * @param parent where it gets a directory of its own, beside those of attempts: what a launcher looks for above is the same then
     * @param environment what its tasks' environments have in common, with the mark by which it is found itself
     */
    static PythonHost start(String interpreter, Path parent, Map<String, String> environment) throws IOException {
        Path directory = Workspace.makeDirectory(parent, "python-").toRealPath();
        try (InputStream program = PythonHost.class.getResourceAsStream(PROGRAM)) {
            Path file = directory.resolve("millrace_" + PROGRAM);
            Files.copy(Objects.requireNonNull(program), file);
            List<String> words = new ArrayList<>();
            Programs.of(System.getenv()).find("setsid").ifPresent(words::add);
            words.addAll(List.of(interpreter, "-u", file.toString(), interpreter));
            ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            PythonHost host = new PythonHost(interpreter, Map.copyOf(environment), directory, builder.start());
            thread("millrace-python-answers", host::readAnswers);
            thread("millrace-python-errors", host::readErrors);
            return host;
        } catch (IOException | RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    /**
     * Begins a task; empty when it was not begun, and nothing of it runs.
     *
     * @throws IOException when nobody can tell; nothing of it runs any more
     */
    Optional<Begun> begin(Command command, Workspace workspace) throws IOException, InterruptedException {
        Optional<StartVariables> variables = awaitReady();
        Optional<PythonRequest> request =
                variables.isEmpty() ? Optional.empty() : PythonRequest.of(command, workspace, variables.get());
        if (request.isEmpty()) {
            return Optional.empty();
        }
        PythonTasks.Asked task = tasks.ask();
        try {
            send("begin " + task.number() + " " + request.get().fields() + "\n");
            return task.begun().get(BEGIN_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            spent = true;
            process.destroyForcibly();
            ProcessTree.marked(marks -> marks.areOf(command.mark())).kill();
            throw new IOException(
                    "the warm Python of " + interpreter + " did not begin it within " + BEGIN_LIMIT.toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            task.begun().thenAccept(begun -> begun.flatMap(Begun::process).ifPresent(ProcessHandle::destroyForcibly));
            throw e;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("Waiting for a warm Python failed", impossible);
        }
    }

    /** Whether it begins no more tasks. */
    boolean isSpent() {
        return spent;
    }

    boolean isIdle() {
        return tasks.isEmpty();
    }

    /** Why tasks of this interpreter cannot be begun by any host, when it has said so. */
    Optional<String> unfit() {
        return unfit;
    }

    /** Lets it end when its tasks have. */
    void retire() {
        spent = true;
        retired = true;
        try {
            process.getOutputStream().close();
        } catch (IOException hasEnded) {
            LOG.debug("A warm Python has ended before it was to", hasEnded);
        }
    }

    /** Ends it; to be called when none of its tasks runs. */
    void close() throws InterruptedException {
        retire();
        if (!process.waitFor(END_LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
            process.destroyForcibly();
        }
        ended.join();
    }

    /** Done when it has ended and its directory is gone. */
    CompletableFuture<Void> whenEnded() {
        return ended;
    }

    private Optional<StartVariables> awaitReady() throws InterruptedException {
        try {
            return Optional.of(ready.get(START_LIMIT.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            LOG.warn("The warm Python of {} does not start", interpreter);
            spent = true;
            process.destroyForcibly();
        } catch (ExecutionException isSaidWhereItIsHeard) {
            LOG.debug("The warm Python of {} did not start", interpreter, isSaidWhereItIsHeard);
        }
        return Optional.empty();
    }

    private synchronized void send(String line) {
        try {
            OutputStream out = process.getOutputStream();
            out.write(line.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException hasEnded) {
            // Its last answers may be under way; that there are no more is seen where they are read.
            LOG.debug("A warm Python takes no request", hasEnded);
        }
    }

    private void readAnswers() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                hear(line.split(" ", -1));
            }
        } catch (IOException e) {
            LOG.debug("The answers of a warm Python cannot be read any more", e);
        } finally {
            lose();
        }
    }

    private void hear(String[] fields) {
        switch (fields[0]) {
            case "ready" -> becomeReady(Long.parseLong(fields[1]), PythonRequest.text(fields[2]));
            case "unfit" -> declareUnfit(PythonRequest.text(fields[1]));
            case "stale" -> {
                spent = true;
                tasks.refused(Long.parseLong(fields[1]));
            }
            case "refused" -> {
                LOG.warn(
                        "The warm Python of {} could not begin a task: {}", interpreter, PythonRequest.text(fields[2]));
                tasks.refused(Long.parseLong(fields[1]));
            }
            case "begun" -> tasks.begun(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
            case "ended" -> tasks.ended(Long.parseLong(fields[1]), Integer.parseInt(fields[2]));
            // What modules print that every start imports.
            default -> LOG.debug("The warm Python of {} prints {}", interpreter, fields);
        }
    }

    private void becomeReady(long pid, String environment) {
        if (pid != process.pid()) {
            declareUnfit("what starts it does not become the interpreter, but stays beside it");
            return;
        }
        Map<String, String> found = new HashMap<>();
        for (String variable : environment.split("\0", -1)) {
            int equals = variable.indexOf('=', 1);
            found.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        ready.complete(new StartVariables(given, Map.copyOf(found), directory));
    }

    private void declareUnfit(String reason) {
        unfit = Optional.of(reason);
        retire();
    }

    /** There are no more answers. */
    private void lose() {
        spent = true;
        String code = code();
        IOException lost = new IOException(
                "the warm Python that had begun it was ended (code " + code + "), and what ran of the task was killed");
        int running = tasks.lose(lost);
        ready.completeExceptionally(lost);
        if (!retired) {
            LOG.warn("The warm Python of {} has ended with code {} while {} tasks ran", interpreter, code, running);
        }
    }

    private String code() {
        try {
            return process.waitFor(END_LIMIT.toNanos(), TimeUnit.NANOSECONDS)
                    ? Integer.toString(process.exitValue())
                    : "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private void readErrors() {
        int[] count = {0};
        LineSplitter lines = new LineSplitter(line -> {
            if (count[0]++ < MOST_LINES_LOGGED) {
                LOG.info("The warm Python of {} says: {}", interpreter, line);
            }
        });
        byte[] buffer = new byte[4096];
        try (InputStream in = process.getErrorStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                lines.feed(buffer, read);
            }
            lines.finish();
        } catch (IOException e) {
            LOG.debug("What a warm Python says cannot be read any more", e);
        }
    }

    private static void thread(String name, Runnable code) {
        Thread thread = new Thread(code, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void delete(Path directory) {
        try {
            Workspace.delete(directory);
        } catch (IOException e) {
            LOG.warn("The directory of a warm Python could not be deleted", e);
        }
    }
}
