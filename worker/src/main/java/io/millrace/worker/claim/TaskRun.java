package io.millrace.worker.claim;

import io.millrace.event.LogPosition;
import io.millrace.worker.execute.Execution;
import io.millrace.worker.execute.FileSource;
import io.millrace.worker.execute.StopSignal;
import io.millrace.worker.execute.TaskExecution;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes claimed tasks, each in a thread of its own, and reports what came of them: the outcome after the log that it names, and after the last
 * word on how far it was.
 *
 * <p><b>Threading:</b> started by the poll thread; every task has a thread from the pool until it is reported, and nothing of it runs any more.
 */
final class TaskRun {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRun.class);

    private final TaskExecution execution;
    private final FileSource files;
    private final LogPublisher logs;
    private final ProgressPublisher progress;
    private final Reporter reporter;
    private final Slots slots;
    private final Executor threads;

    TaskRun(
            TaskExecution execution,
            FileSource files,
            LogPublisher logs,
            ProgressPublisher progress,
            Reporter reporter,
            Slots slots,
            Executor threads) {
        this.execution = execution;
        this.files = files;
        this.logs = logs;
        this.progress = progress;
        this.reporter = reporter;
        this.slots = slots;
        this.threads = threads;
    }

    /** Starts a task that occupies its slot. */
    void start(Claim claim, StopSignal stop) {
        threads.execute(() -> run(claim, stop));
    }

    private void run(Claim claim, StopSignal stop) {
        LOG.debug("Executing {}", claim.id());
        AttemptLog log = logs.open(claim);
        AttemptProgress said = progress.open(claim);
        execution.execute(claim.delivery(), files, log, said, stop, ended -> report(claim, ended, log, said, stop));
    }

    private void report(Claim claim, Execution ended, AttemptLog log, AttemptProgress said, StopSignal stop) {
        try {
            // Also for a cancelled task: its lines are worth reading, though its outcome is not asked for.
            LogPosition position = log.close(ended.truncated()).orElse(null);
            if (stop.requested()
                    .filter(request -> request.reason() == StopSignal.Reason.CANCELLED)
                    .isEmpty()) {
                said.close();
                reporter.outcome(claim, ended.outcome(), position);
            }
            LOG.debug("Ended {}: {}", claim.id(), ended.outcome().getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("{} ended without a report: the worker was stopped", claim.id());
        } catch (RuntimeException e) {
            LOG.error("The outcome of {} could not be reported", claim.id(), e);
        } finally {
            said.drop();
            logs.forget(log);
            slots.reported();
            ended.slotFree().whenComplete((done, never) -> slots.free(claim.id()));
        }
    }
}
