package io.millrace.worker.claim;

import io.millrace.worker.execute.Progress;
import io.millrace.worker.execute.ProgressSink;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one execution is, on its way to {@code task-events}: at most one report in an interval, the first at once; what is said faster replaces what
 * waits. While Kafka is away the last word waits.
 *
 * <p><b>Threading:</b> the execution's threads speak and never wait; the given thread publishes; the executing thread closes.
 */
final class AttemptProgress implements ProgressSink {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptProgress.class);

    private final Claim claim;
    private final WorkerRecords records;
    private final DurableSender sender;
    private final ScheduledExecutorService publisher;
    private final Duration interval;
    private Progress waiting = Progress.NONE;
    private long lastNanos;
    private boolean spoke;
    private boolean planned;
    private boolean onItsWay;
    private boolean closed;

    AttemptProgress(
            Claim claim,
            WorkerRecords records,
            DurableSender sender,
            ScheduledExecutorService publisher,
            Duration interval) {
        this.claim = claim;
        this.records = records;
        this.sender = sender;
        this.publisher = publisher;
        this.interval = interval;
    }

    @Override
    public synchronized void accept(Progress progress) {
        if (!closed) {
            waiting = waiting.then(progress);
            plan();
        }
    }

    /** Publishes the last word and waits until all is acknowledged, so that what is sent next comes after it. */
    void close() throws InterruptedException {
        Optional<Progress> last;
        synchronized (this) {
            closed = true;
            awaitAcknowledged();
            last = next();
        }
        if (last.isPresent()) {
            sender.send(records.progressed(claim, last.get()), this::acknowledged);
            synchronized (this) {
                awaitAcknowledged();
            }
        }
    }

    /** The delivery is closed: its progress is of no interest any more. */
    synchronized void drop() {
        closed = true;
        waiting = Progress.NONE;
    }

    /** Only one word is on its way at a time, so that none can pass another when sending has to be tried again. */
    private void plan() {
        if (planned || onItsWay || closed) {
            return;
        }
        long sinceLast = System.nanoTime() - lastNanos;
        long delay = spoke ? Math.max(0, interval.toNanos() - sinceLast) : 0;
        try {
            publisher.schedule(this::publish, delay, TimeUnit.NANOSECONDS);
            planned = true;
        } catch (RejectedExecutionException isEnding) {
            LOG.debug("Progress was made after the worker had ended");
        }
    }

    private void publish() {
        Optional<Progress> word;
        synchronized (this) {
            planned = false;
            word = closed ? Optional.empty() : next();
        }
        // Not under the lock: sending may wait for Kafka's client, which may wait to say what it has sent.
        word.ifPresent(progress -> sender.send(records.progressed(claim, progress), this::acknowledged));
    }

    private Optional<Progress> next() {
        if (waiting.equals(Progress.NONE)) {
            return Optional.empty();
        }
        Progress word = waiting;
        waiting = Progress.NONE;
        spoke = true;
        lastNanos = System.nanoTime();
        onItsWay = true;
        return Optional.of(word);
    }

    private void awaitAcknowledged() throws InterruptedException {
        while (onItsWay) {
            wait();
        }
    }

    private synchronized void acknowledged(@Nullable RecordMetadata metadata) {
        onItsWay = false;
        if (!waiting.equals(Progress.NONE)) {
            plan();
        }
        notifyAll();
    }
}
