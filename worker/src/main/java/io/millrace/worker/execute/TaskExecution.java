package io.millrace.worker.execute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes deliveries of every kind: workspace, files, executor, outcome, and nothing left behind.
 *
 * <p><b>Threading:</b> any number of threads execute a delivery each; the calling thread waits for it.
 */
public final class TaskExecution {
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);

    private final ExecutionSettings settings;
    private final Clock clock;
    private final Map<String, Executor> executors;

    /** Knows the kinds {@code shell}, {@code python} and {@code java}, the last by the handlers given. */
    public TaskExecution(ExecutionSettings settings, Map<String, Handler> handlers, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        ScriptRunner scripts =
                new ScriptRunner(settings.life(), new ProcessRunner(settings.killGrace()), System.getenv());
        this.executors = Map.of(
                "shell", new ShellExecutor(scripts),
                "python", new PythonExecutor(scripts),
                "java", new JavaExecutor(handlers, settings.killGrace()));
    }

    /**
     * Executes a delivery to its end; whatever goes wrong is an outcome, never an exception.
     *
     * @param files where the files that it names come from
     * @param sink takes its lines; gets none after this method has returned
     * @param stop asks it to stop
     */
    public Execution execute(Delivery delivery, FileSource files, LineSink sink, StopSignal stop) {
        TaskOutput output = new TaskOutput(sink, clock, settings.outputLimitBytes());
        Execution execution;
        try {
            execution = attempt(delivery, files, output, stop);
        } catch (UnexecutableException e) {
            execution = failed(Failure.permanent(e.sentence()), output);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be executed", delivery.id(), e);
            execution = failed(Failure.error("The worker could not execute the task: " + e.getMessage()), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            execution = failed(Failure.error("The worker's thread was interrupted."), output);
        } catch (RuntimeException | Error e) {
            LOG.error("Executing {} failed unexpectedly", delivery.id(), e);
            execution = failed(Failure.error("The worker failed to execute the task: " + e), output);
        }
        output.finish();
        return execution;
    }

    private Execution attempt(Delivery delivery, FileSource files, TaskOutput output, StopSignal stop)
            throws UnexecutableException, IOException, InterruptedException {
        Executor executor = executors.get(delivery.kind());
        if (executor == null) {
            throw new UnexecutableException("This worker does not know tasks of kind '" + delivery.kind()
                    + "'; it knows " + String.join(", ", new TreeSet<>(executors.keySet())) + ".");
        }
        Workspace workspace = new Workspace(settings.directory());
        Execution execution;
        try {
            workspace.lay(delivery.files().isEmpty() ? List.of() : files.filesOf(delivery));
            execution = executor.execute(delivery, workspace, output, stop);
        } catch (UnexecutableException | IOException | InterruptedException | RuntimeException | Error e) {
            delete(workspace);
            throw e;
        }
        execution.slotFree().whenComplete((done, never) -> delete(workspace));
        return execution;
    }

    private static Execution failed(Failure failure, TaskOutput output) {
        output.system(failure.message());
        return new Execution(
                new Outcome.Failed(failure.withStderrTail(output.stderrTail())),
                output.isTruncated(),
                CompletableFuture.completedFuture(null));
    }

    private static void delete(Workspace workspace) {
        try {
            workspace.close();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The directory of an attempt could not be deleted", e);
        }
    }
}
