package io.millrace.worker.execute;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one call of a handler: interrupts it when its time is up or when it is asked to stop, and leaves it behind when it does not return within the
 * grace after that. What a handler returns after its interruption does not count.
 *
 * <p><b>Threading:</b> one thread begins, calls the handler and ends; a timer's thread interrupts and leaves.
 */
final class HandlerWatch {
    private final Optional<Duration> limit;
    private final Duration grace;
    private final StopSignal stop;
    private final TaskOutput output;
    private final ScheduledExecutorService timer;
    private final Executor threads;
    private final Consumer<Execution> left;
    private final CompletableFuture<Void> returned = new CompletableFuture<>();
    /** The one in the handler; null before and after. */
    private @Nullable Thread thread;

    private @Nullable Future<?> alarm;
    private boolean interrupted;
    private boolean leftBehind;

    /**
     * A watch that has not begun.
     *
     * @param timer interrupts
     * @param threads tells what came of a call that was left behind
     * @param left is told
     */
    HandlerWatch(
            Optional<Duration> limit,
            Duration grace,
            StopSignal stop,
            TaskOutput output,
            ScheduledExecutorService timer,
            Executor threads,
            Consumer<Execution> left) {
        this.limit = limit;
        this.grace = grace;
        this.stop = stop;
        this.output = output;
        this.timer = timer;
        this.threads = threads;
        this.left = left;
    }

    /** The calling thread is about to call the handler. */
    void begin() {
        synchronized (this) {
            thread = Thread.currentThread();
            if (limit.isPresent()) {
                alarm = timer.schedule(this::interrupt, TimeLimit.nanos(limit), TimeUnit.NANOSECONDS);
            }
        }
        // Not on the thread that asks: it has others to ask.
        stop.whenRequested().thenRunAsync(this::interrupt, timer);
    }

    /** Whether what the handler returns does not matter any more. */
    boolean isOver() {
        return stop.requested().isPresent() || isInterrupted();
    }

    private synchronized boolean isInterrupted() {
        return interrupted;
    }

    /**
     * The handler has returned, and the thread is its own again.
     *
     * @param outcome what came of it
     * @return what counts; empty when it was left behind, and that was told
     */
    Optional<Execution> end(Outcome outcome) {
        boolean counts;
        boolean told;
        synchronized (this) {
            thread = null;
            if (alarm != null) {
                alarm.cancel(false);
            }
            counts = !interrupted;
            told = leftBehind;
            // An interruption of ours, or one that the handler left set, is none of what this thread does next.
            Thread.interrupted();
        }
        returned.complete(null);
        return told ? Optional.empty() : Optional.of(execution(counts ? outcome : interruption()));
    }

    private void interrupt() {
        synchronized (this) {
            if (thread == null || interrupted) {
                return;
            }
            interrupted = true;
        }
        output.system(sentence());
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
                timer.schedule(this::leave, grace.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private void leave() {
        synchronized (this) {
            if (thread == null) {
                return;
            }
            leftBehind = true;
        }
        output.system(
                "The handler does not heed its interruption: it is left behind, and its slot stays occupied until it returns.");
        threads.execute(() -> left.accept(execution(interruption())));
    }

    private Execution execution(Outcome outcome) {
        return new Execution(outcome, output.isTruncated(), returned);
    }

    private Outcome interruption() {
        return stop.requested()
                .<Outcome>map(Outcome.Stopped::new)
                .orElseGet(() -> new Outcome.Failed(Failure.timeout(sentence() + " The handler was interrupted.")
                        .withStderrTail(output.stderrTail())));
    }

    private String sentence() {
        return stop.requested().map(StopSignal.Request::text).orElseGet(() -> TimeLimit.sentence(limit));
    }
}
