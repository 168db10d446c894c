package io.millrace.worker.claim;

import io.millrace.event.FailureKind;
import io.millrace.event.LogPosition;
import io.millrace.worker.execute.Delivery;
import io.millrace.worker.execute.Execution;
import io.millrace.worker.execute.Failure;
import io.millrace.worker.execute.FileSource;
import io.millrace.worker.execute.Outcome;
import io.millrace.worker.execute.TaskExecution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes transactional tasks, each in a thread of its own and outside any transaction, and keeps what is to be published of them for the poll thread's
 * next one. Their time is limited, since what lies behind them in their partition waits.
 *
 * <p><b>Threading:</b> started by the poll thread; every task has a thread from the pool until it has ended, and its slot until it is settled.
 */
final class TransactionalRun {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalRun.class);

    private final Map<String, TransactionalCode> handlers;
    private final KafkaTask kafka;
    private final Duration limit;
    private final TargetTopics topics;
    private final TaskParts parts;

    /** What executing a task takes, whatever its semantics. */
    record TaskParts(
            TaskExecution execution,
            FileSource files,
            LogPublisher logs,
            WorkerRecords records,
            Slots slots,
            Executor threads) {}

    TransactionalRun(
            Map<String, TransactionalCode> handlers,
            KafkaTask kafka,
            Duration limit,
            TargetTopics topics,
            TaskParts parts) {
        this.handlers = Map.copyOf(handlers);
        this.kafka = kafka;
        this.limit = limit;
        this.topics = topics;
        this.parts = parts;
    }

    /** Whether the task sends records, or names a handler that is transactional. */
    boolean knows(Delivery delivery) {
        return codeOf(delivery).isPresent();
    }

    private Optional<TransactionalCode> codeOf(Delivery delivery) {
        if (delivery.kind().equals(KafkaTask.KIND)) {
            return Optional.of(kafka);
        }
        return handlers.isEmpty() ? Optional.empty() : delivery.handler().map(handlers::get);
    }

    /** Starts a task that occupies its slot. */
    void start(TransactionalTask task) {
        parts.threads().execute(() -> run(task));
    }

    private void run(TransactionalTask task) {
        Claim claim = task.claim();
        LOG.debug("Executing {} before its transaction", claim.id());
        ProducerRecord<byte[], byte[]> claimed = parts.records().claimed(claim);
        Outbox outbox = new Outbox(topics);
        AttemptLog log = parts.logs().open(claim);
        TransactionalCode code = codeOf(claim.delivery()).orElseThrow();
        parts.execution()
                .execute(
                        bounded(claim.delivery()),
                        code.with(outbox),
                        parts.files(),
                        log,
                        task.stop(),
                        ended -> end(task, claimed, outbox, log, ended));
    }

    private void end(
            TransactionalTask task,
            ProducerRecord<byte[], byte[]> claimed,
            Outbox outbox,
            AttemptLog log,
            Execution ended) {
        Claim claim = task.claim();
        try {
            LogPosition position = log.close(ended.truncated()).orElse(null);
            task.end(published(claim, claimed, outbox, judged(ended.outcome(), claim, outbox), position));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("{} ended without a report: the worker was stopped", claim.id());
        } catch (RuntimeException e) {
            LOG.error("Executing {} failed unexpectedly", claim.id(), e);
            Outcome failed = new Outcome.Failed(Failure.error("The worker failed to execute the task: " + e));
            task.end(List.of(claimed, parts.records().outcome(claim, failed, null)));
        } finally {
            parts.logs().forget(log);
            parts.slots().reported();
            CompletableFuture.allOf(ended.slotFree(), task.whenSettled())
                    .whenComplete((done, never) -> parts.slots().free(claim.id()));
        }
    }

    private Delivery bounded(Delivery delivery) {
        return delivery.withTimeout(
                delivery.timeout().filter(own -> own.compareTo(limit) < 0).orElse(limit));
    }

    private List<ProducerRecord<byte[], byte[]>> published(
            Claim claim,
            ProducerRecord<byte[], byte[]> claimed,
            Outbox outbox,
            Outcome outcome,
            @Nullable LogPosition position) {
        List<ProducerRecord<byte[], byte[]>> sent = outbox.close();
        if (outcome instanceof Outcome.Stopped) {
            // Cancelled: the engine asks for nothing. Or discarded: the next owner of the partition says all.
            return List.of();
        }
        List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>();
        all.add(claimed);
        if (outcome instanceof Outcome.Succeeded) {
            all.addAll(sent);
        }
        all.add(parts.records().outcome(claim, outcome, position));
        return List.copyOf(all);
    }

    /** The outcome, held against the limits of a transactional task. */
    private Outcome judged(Outcome outcome, Claim claim, Outbox outbox) {
        if (outcome instanceof Outcome.Stopped) {
            return outcome;
        }
        if (outbox.excess().isPresent()) {
            return new Outcome.Failed(Failure.limit(outbox.excess().get()).withRetryable(false));
        }
        boolean ownTime = claim.delivery()
                .timeout()
                .filter(own -> own.compareTo(limit) <= 0)
                .isPresent();
        if (!ownTime
                && outcome instanceof Outcome.Failed failed
                && failed.failure().kind() == FailureKind.TIMEOUT) {
            return new Outcome.Failed(failed.failure()
                    .withMessage(failed.failure().message()
                            + " It is the worker's limit for transactional handlers (worker.transactional.limit)."));
        }
        return outcome;
    }
}
