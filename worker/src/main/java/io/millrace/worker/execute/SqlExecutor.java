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

/**
 * Executes {@code sql} tasks. At the time limit, or when it is asked to stop, the statement is cancelled; a driver that does not heed that within the
 * grace is left behind: its task has its outcome, but the slot stays occupied until it returns.
 *
 * <p><b>Threading:</b> the calling thread waits; the statements have a thread to themselves.
 */
final class SqlExecutor implements EndableExecutor, AutoCloseable {
    private final SqlSources sources;
    private final Artifacts artifacts;
    private final SqlDrivers drivers = new SqlDrivers();
    private final BlockingCalls calls;

    SqlExecutor(SqlSources sources, Artifacts artifacts, Duration killGrace) {
        this.sources = sources;
        this.artifacts = artifacts;
        this.calls = new BlockingCalls("millrace-sql", killGrace);
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
            return BlockingCalls.ended(failed(e), output);
        }
        SqlWork work = new SqlWork(
                drivers, name, source, password, rows -> output.progress().checkpoint(Map.of("loaded", rows)));
        return calls.make(
                new BlockingCalls.Call(
                        () -> outcome(work, order), work::cancel, "The statement was cancelled.", "The driver"),
                delivery.timeout(),
                output,
                stop);
    }

    @Override
    public void close() {
        calls.close();
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
}
