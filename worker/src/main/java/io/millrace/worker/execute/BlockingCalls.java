package io.millrace.worker.execute;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls of libraries that block. At the time limit, or when it is asked to stop, a call is cancelled; one that does not heed that within the grace is left
 * behind: its task has its outcome, but the slot stays occupied until it returns.
 *
 * <p><b>Threading:</b> any number of threads make a call each, and wait for it; each call has a thread to itself.
 */
final class BlockingCalls implements AutoCloseable {
    private static final Duration BETWEEN_CANCELLATIONS = Duration.ofMillis(500);

    private final Duration grace;
    private final ExecutorService threads;

    /**
     * One call.
     *
     * @param work gives the outcome; every fault that is to be expected is one
     * @param cancel makes the work end soon; called again until it has
     * @param undone what a failure for want of time adds, such as {@code The statement was cancelled.}
     * @param deaf who does not heed a cancellation, such as {@code The driver}
     */
    record Call(Supplier<Outcome> work, Runnable cancel, String undone, String deaf) {}

    /**
     * Calls by threads of this name.
     *
     * @param grace how long a call gets to heed its cancellation
     */
    BlockingCalls(String thread, Duration grace) {
        this.grace = grace;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread made = new Thread(task, thread);
            made.setDaemon(true);
            return made;
        });
    }

    /** Makes a call. @param limit how long it may take; empty for no limit */
    Execution make(Call call, Optional<Duration> limit, TaskOutput output, StopSignal stop)
            throws InterruptedException {
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(call.work(), threads);
        Optional<Outcome> first = await(outcome, limit, stop);
        if (first.isPresent()) {
            return ended(first.get(), output);
        }
        Optional<StopSignal.Request> request = stop.requested();
        String sentence = request.map(StopSignal.Request::text).orElseGet(() -> TimeLimit.sentence(limit));
        output.system(sentence);
        if (!cancelled(call, outcome)) {
            output.system(
                    call.deaf() + " does not heed its cancellation: it is left behind, and its slot stays occupied.");
        }
        Outcome given = request.<Outcome>map(Outcome.Stopped::new)
                .orElseGet(() -> new Outcome.Failed(Failure.timeout(sentence + " " + call.undone())));
        return new Execution(given, output.isTruncated(), outcome.handle((done, never) -> null));
    }

    /** The end of what has an outcome. */
    static Execution ended(Outcome outcome, TaskOutput output) {
        if (outcome instanceof Outcome.Failed failed) {
            output.system(failed.failure().message());
        }
        return new Execution(outcome, output.isTruncated(), CompletableFuture.completedFuture(null));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static Optional<Outcome> await(
            CompletableFuture<Outcome> outcome, Optional<Duration> limit, StopSignal stop) throws InterruptedException {
        try {
            Object first = CompletableFuture.anyOf(outcome, stop.whenRequested())
                    .get(TimeLimit.nanos(limit), TimeUnit.NANOSECONDS);
            return first instanceof Outcome ended ? Optional.of(ended) : Optional.empty();
        } catch (TimeoutException timeIsUp) {
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(new Outcome.Failed(Failure.error("The call failed: " + e.getCause())));
        }
    }

    /** Again and again: what has not quite begun hears nothing of it. @return whether it has ended */
    private boolean cancelled(Call call, CompletableFuture<Outcome> outcome) throws InterruptedException {
        long deadline = System.nanoTime() + grace.toNanos();
        while (true) {
            call.cancel().run();
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            boolean last = left.compareTo(BETWEEN_CANCELLATIONS) <= 0;
            boolean ended = endsWithin(last ? left : BETWEEN_CANCELLATIONS, outcome);
            if (ended || last) {
                return ended;
            }
        }
    }

    private static boolean endsWithin(Duration time, CompletableFuture<Outcome> outcome) throws InterruptedException {
        try {
            outcome.get(time.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillThere) {
            return false;
        } catch (ExecutionException ended) {
            return true;
        }
    }
}
