package io.millrace.worker.execute;

import io.millrace.schemas.secret.SecretException;
import io.millrace.worker.artifact.ArtifactException;
import io.millrace.worker.artifact.Transfer;
import io.millrace.worker.secret.AttemptSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delivery from its secrets and files to its outcome; whatever goes wrong is an outcome, never an exception.
 *
 * <p><b>Threading:</b> executed once. Its end is told by the executing thread or, where a handler keeps that one, by another.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final Delivery delivery;
    private final TaskOutput output;
    private final StopSignal stop;
    private final BiConsumer<Outcome, Duration> listener;
    private final Workspace workspace;
    private final AttemptArtifacts artifacts;
    private final long beginNanos = System.nanoTime();

    Attempt(
            ExecutionSettings settings,
            Delivery delivery,
            TaskOutput output,
            StopSignal stop,
            BiConsumer<Outcome, Duration> listener) {
        this.delivery = delivery;
        this.output = output;
        this.stop = stop;
        this.listener = listener;
        this.workspace = new Workspace(settings.directory());
        this.artifacts = new AttemptArtifacts(
                settings.artifacts(), workspace, stop, output.secrets().mask());
    }

    /** Executes it, and tells once what came of it. */
    void execute(Executor executor, FileSource files, Consumer<Execution> ended) {
        Optional<Execution> execution = guarded(() -> {
            Map<String, String> env = new HashMap<>(delivery.env());
            env.putAll(output.secrets().resolveAll(delivery.secrets()));
            Delivery given = delivery.with(delivery.inputs(), env);
            workspace.lay(delivery.files().isEmpty() ? List.of() : files.filesOf(delivery));
            return executor.execute(artifacts.fetched(given), workspace, output, stop, left -> end(stored(left), ended))
                    .map(this::stored);
        });
        execution.ifPresent(all -> end(all, ended));
    }

    /** What it gives out is stored, before its directories go. */
    private Execution stored(Execution execution) {
        return guarded(() -> Optional.of(execution.with(artifacts.stored(execution.outcome(), delivery))))
                .orElseThrow();
    }

    private void end(Execution execution, Consumer<Execution> ended) {
        execution.slotFree().whenComplete((done, never) -> deleteWorkspace());
        output.finish();
        listener.accept(execution.outcome(), Duration.ofNanos(System.nanoTime() - beginNanos));
        ended.accept(execution);
    }

    private interface Step {
        Optional<Execution> take() throws UnexecutableException, SecretException, IOException, InterruptedException;
    }

    private Optional<Execution> guarded(Step step) {
        AttemptSecrets secrets = output.secrets();
        try {
            return step.take();
        } catch (UnexecutableException e) {
            return failed(Failure.permanent(e.sentence()));
        } catch (SecretException e) {
            return failed(Failure.error(e.sentence()).withRetryable(e.isRetryable()));
        } catch (Transfer.StoppedException e) {
            return stopped();
        } catch (ArtifactException e) {
            return failed(Failure.error(e.sentence()).withRetryable(e.isRetryable()));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} could not be executed: {}", delivery.id(), trace(e, secrets));
            return failed(Failure.error(secrets.mask().of("The worker could not execute the task: " + e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted();
        } catch (RuntimeException | Error e) {
            LOG.error("Executing {} failed unexpectedly: {}", delivery.id(), trace(e, secrets));
            return failed(Failure.error(secrets.mask().of("The worker failed to execute the task: " + e)));
        }
    }

    private Optional<Execution> stopped() {
        Optional<StopSignal.Request> request = stop.requested();
        return request.isPresent()
                ? Optional.of(new Execution(
                        new Outcome.Stopped(request.get()),
                        output.isTruncated(),
                        CompletableFuture.completedFuture(null)))
                : interrupted();
    }

    private Optional<Execution> interrupted() {
        return failed(Failure.error("The worker's thread was interrupted."));
    }

    private Optional<Execution> failed(Failure failure) {
        Failure shown = failure.masked(output.secrets().mask());
        output.system(shown.message());
        return Optional.of(new Execution(
                new Outcome.Failed(shown.withStderrTail(output.stderrTail())),
                output.isTruncated(),
                CompletableFuture.completedFuture(null)));
    }

    private void deleteWorkspace() {
        try {
            workspace.close();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The directory of an attempt could not be deleted", e);
        }
    }

    /** What the worker's own log is told, without what the task's secrets were (G9). */
    private static String trace(Throwable e, AttemptSecrets secrets) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return secrets.mask().of(trace.toString());
    }
}
