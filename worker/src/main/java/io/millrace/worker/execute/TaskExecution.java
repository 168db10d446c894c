package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretProvider;
import io.millrace.worker.http.HttpCaller;
import io.millrace.worker.secret.AttemptSecrets;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes deliveries of every kind: workspace, files, executor, outcome, and nothing left behind.
 *
 * <p><b>Threading:</b> any number of threads execute a delivery each.
 */
public final class TaskExecution implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);

    private final ExecutionSettings settings;
    private final Clock clock;
    private final Map<String, Executor> executors;
    private final JavaExecutor handlers;
    private final HttpExecutor http;
    private final SqlExecutor sql;
    private final EmailExecutor email;
    private final PipeStock pipes;
    private final PythonHosts pythons;
    private final ExecutionListener listener;

    /** Knows the kinds {@code shell}, {@code python}, {@code container}, {@code java} (by the handlers given), {@code http}, {@code sql} and {@code email}. */
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
        this.http = new HttpExecutor(new HttpCaller(clock), settings, clock);
        this.sql = new SqlExecutor(settings.sql(), settings.artifacts(), settings.killGrace());
        this.email = new EmailExecutor(clock, settings.killGrace());
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
                sql,
                "email",
                email);
    }

    /** Lets go of what executors hold; to be called when nothing is executed any more. */
    @Override
    public void close() {
        handlers.close();
        http.close();
        sql.close();
        email.close();
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
     * @param sink takes its lines; gets none after its end was told
     * @param progress takes what it says of how far it is
     * @param stop asks it to stop
     * @param ended is told once what came of it: by the calling thread before this method returns, or by another one when a handler that does not heed its
     *     interruption keeps the calling thread
     */
    public void execute(
            Delivery delivery,
            FileSource files,
            LineSink sink,
            ProgressSink progress,
            StopSignal stop,
            Consumer<Execution> ended) {
        Executor executor = executors.get(delivery.kind());
        if (executor == null) {
            attempt("unknown", delivery, sink, progress, stop).execute(unknown(), files, ended);
        } else {
            attempt(delivery.kind(), delivery, sink, progress, stop).execute(executor, files, ended);
        }
    }

    private EndableExecutor unknown() {
        return (delivery, workspace, output, stop) -> {
            throw new UnexecutableException("This worker does not know tasks of kind '" + delivery.kind()
                    + "'; it knows " + String.join(", ", new TreeSet<>(executors.keySet())) + ".");
        };
    }

    /** Executes a delivery by this handler, whatever its action names, and without a word on its progress. */
    public void execute(
            Delivery delivery,
            Handler handler,
            FileSource files,
            LineSink sink,
            StopSignal stop,
            Consumer<Execution> ended) {
        attempt(delivery.kind(), delivery, sink, ProgressSink.NONE, stop).execute(handlers.by(handler), files, ended);
    }

    private Attempt attempt(String kind, Delivery delivery, LineSink sink, ProgressSink progress, StopSignal stop) {
        TaskOutput output = new TaskOutput(
                sink, clock, settings.outputLimitBytes(), new AttemptSecrets(settings.secrets()), progress);
        return new Attempt(settings, delivery, output, stop, (outcome, took) -> listener.ended(kind, outcome, took));
    }
}
