package io.millrace.worker.execute;

import io.millrace.worker.artifact.ArtifactException;
import io.millrace.worker.artifact.Transfer;
import io.millrace.worker.http.HttpCaller;
import io.millrace.worker.secret.AttemptSecrets;
import io.millrace.worker.secret.SecretException;
import io.millrace.worker.secret.SecretProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes deliveries of every kind: workspace, files, executor, outcome, and nothing left behind.
 *
 * <p><b>Threading:</b> any number of threads execute a delivery each; the calling thread waits for it.
 */
public final class TaskExecution implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);

    private final ExecutionSettings settings;
    private final Clock clock;
    private final Map<String, Executor> executors;
    private final JavaExecutor handlers;
    private final HttpExecutor http;
    private final SqlExecutor sql;
    private final PipeStock pipes;
    private final PythonHosts pythons;
    private final ExecutionListener listener;

    /** Knows the kinds {@code shell}, {@code python}, {@code container}, {@code java} (by the handlers given) {@code http} and {@code sql}. */
    public TaskExecution(ExecutionSettings settings, Map<String, Handler> handlers, Clock clock) {
        this(settings, handlers, clock, (kind, outcome, took) -> {});
    }

    /** The same, with somebody who is told of every end. */
    public TaskExecution(
            ExecutionSettings settings, Map<String, Handler> handlers, Clock clock, ExecutionListener listener) {
        this.listener = listener;
        this.settings = settings;
        this.clock = clock;
        Map<String, String> environment = SecretProvider.withoutSecrets(System.getenv(), settings.secrets());
        this.pipes = new PipeStock(settings.directory());
        ScriptRunner scripts = new ScriptRunner(settings, new ProcessRunner(settings.killGrace(), pipes), environment);
        Starter fresh = new FreshStart(Optional.of(new LimitMark(settings.life())));
        this.pythons = new PythonHosts(settings.life(), settings.directory(), environment, fresh);
        this.handlers = new JavaExecutor(handlers, settings.killGrace(), settings.artifacts());
        this.http = new HttpExecutor(new HttpCaller(clock), settings);
        this.sql = new SqlExecutor(settings.sql(), settings.artifacts(), settings.killGrace());
        this.executors = Map.of(
                "shell",
                new ShellExecutor(scripts, fresh),
                "python",
                new PythonExecutor(scripts, settings.warmPython() ? pythons : fresh),
                "container",
                new ContainerExecutor(scripts, environment, settings),
                "java",
                this.handlers,
                "http",
                http,
                "sql",
                sql);
    }

    /** Lets go of what executors hold; to be called when nothing is executed any more. */
    @Override
    public void close() {
        http.close();
        sql.close();
        try {
            pythons.close();
            pipes.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("Named pipes could not be deleted", e);
        }
    }

    /**
     * Executes a delivery to its end; whatever goes wrong is an outcome, never an exception.
     *
     * @param files where the files that it names come from
     * @param sink takes its lines; gets none after this method has returned
     * @param progress takes what it says of how far it is
     * @param stop asks it to stop
     */
    public Execution execute(
            Delivery delivery, FileSource files, LineSink sink, ProgressSink progress, StopSignal stop) {
        return execute(executors.get(delivery.kind()), delivery, files, output(sink, progress), stop);
    }

    /** Executes a delivery by this handler, whatever its action names, and without a word on its progress. */
    public Execution execute(Delivery delivery, Handler handler, FileSource files, LineSink sink, StopSignal stop) {
        Executor executor =
                (given, workspace, output, asked) -> handlers.execute(handler, given, workspace, output, asked);
        return execute(executor, delivery, files, output(sink, ProgressSink.NONE), stop);
    }

    private TaskOutput output(LineSink sink, ProgressSink progress) {
        return new TaskOutput(
                sink, clock, settings.outputLimitBytes(), new AttemptSecrets(settings.secrets()), progress);
    }

    private Execution execute(
            @Nullable Executor executor, Delivery delivery, FileSource files, TaskOutput output, StopSignal stop) {
        AttemptSecrets secrets = output.secrets();
        Execution execution;
        long beginNanos = System.nanoTime();
        try {
            execution = attempt(executor, delivery, files, output, stop);
        } catch (UnexecutableException e) {
            execution = failed(Failure.permanent(e.sentence()), output);
        } catch (SecretException e) {
            execution = failed(Failure.error(e.sentence()).withRetryable(e.isRetryable()), output);
        } catch (Transfer.StoppedException e) {
            execution = stopped(output, stop);
        } catch (ArtifactException e) {
            execution = failed(Failure.error(e.sentence()).withRetryable(e.isRetryable()), output);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be executed: {}", delivery.id(), trace(e, secrets));
            execution = failed(
                    Failure.error(secrets.mask().of("The worker could not execute the task: " + e.getMessage())),
                    output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            execution = failed(Failure.error("The worker's thread was interrupted."), output);
        } catch (RuntimeException | Error e) {
            LOG.error("Executing {} failed unexpectedly: {}", delivery.id(), trace(e, secrets));
            execution = failed(Failure.error(secrets.mask().of("The worker failed to execute the task: " + e)), output);
        }
        output.finish();
        listener.ended(
                executor == null ? "unknown" : delivery.kind(),
                execution.outcome(),
                Duration.ofNanos(System.nanoTime() - beginNanos));
        return execution;
    }

    private Execution attempt(
            @Nullable Executor executor, Delivery delivery, FileSource files, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, IOException, InterruptedException {
        if (executor == null) {
            throw new UnexecutableException("This worker does not know tasks of kind '" + delivery.kind()
                    + "'; it knows " + String.join(", ", new TreeSet<>(executors.keySet())) + ".");
        }
        Map<String, String> env = new HashMap<>(delivery.env());
        env.putAll(output.secrets().resolveAll(delivery.secrets()));
        Delivery given = delivery.with(delivery.inputs(), env);
        Workspace workspace = new Workspace(settings.directory());
        Execution execution;
        try {
            workspace.lay(delivery.files().isEmpty() ? List.of() : files.filesOf(delivery));
            AttemptArtifacts artifacts = new AttemptArtifacts(
                    settings.artifacts(), workspace, stop, output.secrets().mask());
            Execution ended = executor.execute(artifacts.fetched(given), workspace, output, stop);
            execution = ended.with(artifacts.stored(ended.outcome(), delivery));
        } catch (UnexecutableException | IOException | InterruptedException | RuntimeException | Error e) {
            delete(workspace);
            throw e;
        }
        execution.slotFree().whenComplete((done, never) -> delete(workspace));
        return execution;
    }

    private static Execution stopped(TaskOutput output, StopSignal stop) {
        Optional<StopSignal.Request> request = stop.requested();
        return request.isPresent()
                ? new Execution(
                        new Outcome.Stopped(request.get()),
                        output.isTruncated(),
                        CompletableFuture.completedFuture(null))
                : failed(Failure.error("The worker's thread was interrupted."), output);
    }

    private static Execution failed(Failure failure, TaskOutput output) {
        Failure shown = failure.masked(output.secrets().mask());
        output.system(shown.message());
        return new Execution(
                new Outcome.Failed(shown.withStderrTail(output.stderrTail())),
                output.isTruncated(),
                CompletableFuture.completedFuture(null));
    }

    /** What the worker's own log is told, without what the task's secrets were (G9). */
    private static String trace(Throwable e, AttemptSecrets secrets) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return secrets.mask().of(trace.toString());
    }

    private static void delete(Workspace workspace) {
        try {
            workspace.close();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The directory of an attempt could not be deleted", e);
        }
    }
}
