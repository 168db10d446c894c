package io.millrace.worker.execute;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.secret.SecretException;
import io.millrace.worker.artifact.Artifacts;
import io.millrace.worker.sql.RowSource;
import io.millrace.worker.sql.SqlDrivers;
import io.millrace.worker.sql.SqlFault;
import io.millrace.worker.sql.SqlOrder;
import io.millrace.worker.sql.SqlSource;
import io.millrace.worker.sql.SqlSources;
import io.millrace.worker.sql.SqlWork;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Executes {@code sql} tasks. At the time limit, or when it is asked to stop, the statement is cancelled; a driver that does not heed that within the
 * grace is left behind: its task has its outcome, but the slot stays occupied until it returns.
 *
 * <p><b>Threading:</b> the calling thread waits; the statements have a thread to themselves.
 */
final class SqlExecutor implements EndableExecutor, AutoCloseable {
    private static final Duration BETWEEN_CANCELLATIONS = Duration.ofMillis(500);

    private final SqlSources sources;
    private final Artifacts artifacts;
    private final Duration killGrace;
    private final SqlDrivers drivers = new SqlDrivers();
    private final ExecutorService threads = Executors.newCachedThreadPool(SqlExecutor::daemon);

    SqlExecutor(SqlSources sources, Artifacts artifacts, Duration killGrace) {
        this.sources = sources;
        this.artifacts = artifacts;
        this.killGrace = killGrace;
    }

    @Override
    public Execution execute(Delivery delivery, Workspace workspace, TaskOutput output, StopSignal stop)
            throws UnexecutableException, SecretException, IOException, InterruptedException {
        ConnectorDocument document = ConnectorDocument.of(delivery, output.secrets());
        String name = document.required("source");
        SqlSource source = source(name);
        Optional<String> password = source.passwordSecret().isEmpty()
                ? Optional.empty()
                : Optional.of(output.secrets().resolve(source.passwordSecret().get()));
        SqlOrder order;
        try {
            order = new SqlTask(
                            delivery,
                            document,
                            workspace,
                            new AttemptArtifacts(
                                    artifacts, workspace, stop, output.secrets().mask()))
                    .order();
        } catch (SqlFault e) {
            return ended(failed(e), output);
        }
        SqlWork work = new SqlWork(
                drivers, name, source, password, rows -> output.progress().checkpoint(Map.of("loaded", rows)));
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> outcome(work, order), threads);
        Optional<Outcome> first = await(outcome, delivery.timeout(), stop);
        if (first.isPresent()) {
            return ended(first.get(), output);
        }
        Optional<StopSignal.Request> request = stop.requested();
        String sentence = request.map(StopSignal.Request::text).orElseGet(() -> TimeLimit.sentence(delivery.timeout()));
        output.system(sentence);
        if (!cancelled(work, outcome)) {
            output.system("The driver does not heed its cancellation: it is left behind, and its slot stays occupied.");
        }
        Outcome given = request.<Outcome>map(Outcome.Stopped::new)
                .orElseGet(() -> new Outcome.Failed(Failure.timeout(sentence + " The statement was cancelled.")));
        return new Execution(given, output.isTruncated(), outcome.handle((done, never) -> null));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        drivers.close();
    }

    private SqlSource source(String name) throws UnexecutableException {
        SqlSource source = sources.byName().get(name);
        if (source == null) {
            throw new UnexecutableException("This worker has no source '" + name + "' of worker.sql.sources; it has "
                    + (sources.byName().isEmpty()
                            ? "none."
                            : String.join(", ", new TreeSet<>(sources.byName().keySet())) + "."));
        }
        return source;
    }

    private static Outcome outcome(SqlWork work, SqlOrder order) {
        try (RowSource rows = order instanceof SqlOrder.Load load ? load.rows() : () -> null) {
            ObjectNode members = work.execute(order);
            return new Outcome.Succeeded(OutputDocument.of(members));
        } catch (SqlFault e) {
            return failed(e);
        } catch (OutputDocument.InvalidOutputException e) {
            return new Outcome.Failed(Failure.invalidOutput(e.sentence()));
        } catch (IOException e) {
            return new Outcome.Failed(Failure.error("The rows could not be read: " + e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            // A driver is the user's own: whatever it throws fails this task and no other.
            return new Outcome.Failed(Failure.error("The driver failed: " + e));
        }
    }

    private static Outcome failed(SqlFault fault) {
        Failure failure = fault.isOverLimit() ? Failure.limit(fault.sentence()) : Failure.error(fault.sentence());
        return new Outcome.Failed(failure.withRetryable(fault.isRetryable()));
    }

    private static Execution ended(Outcome outcome, TaskOutput output) {
        if (outcome instanceof Outcome.Failed failed) {
            output.system(failed.failure().message());
        }
        return new Execution(outcome, output.isTruncated(), CompletableFuture.completedFuture(null));
    }

    private static Optional<Outcome> await(
            CompletableFuture<Outcome> outcome, Optional<Duration> timeout, StopSignal stop)
            throws InterruptedException {
        try {
            Object first = CompletableFuture.anyOf(outcome, stop.whenRequested())
                    .get(TimeLimit.nanos(timeout), TimeUnit.NANOSECONDS);
            return first instanceof Outcome ended ? Optional.of(ended) : Optional.empty();
        } catch (TimeoutException timeIsUp) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Outcome.Failed(Failure.error("The statements failed: " + e.getCause())));
        }
    }

    /** Again and again: what has not quite begun hears nothing of it. @return whether it has ended */
    private boolean cancelled(SqlWork work, CompletableFuture<Outcome> outcome) throws InterruptedException {
        long deadline = System.nanoTime() + killGrace.toNanos();
        while (true) {
            work.cancel();
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            boolean last = left.compareTo(BETWEEN_CANCELLATIONS) <= 0;
            boolean ended = endsWithin(last ? left : BETWEEN_CANCELLATIONS, outcome);
            if (ended || last) {
                return ended;
            }
        }
    }

    private static boolean endsWithin(Duration grace, CompletableFuture<Outcome> outcome) throws InterruptedException {
        try {
            outcome.get(grace.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException ended) {
            return true;
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "millrace-sql");
        thread.setDaemon(true);
        return thread;
    }
}
