package io.millrace.coordinator.topology;

import io.millrace.engine.RunId;
import io.millrace.engine.RunReplay;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Folds long histories beside the stream threads, one at a time: a fold of seconds would keep all runs of a stream thread
 * waiting, and might outlast its transaction. Whoever asks is told to ask again until it is done.
 *
 * <p><b>Threading:</b> safe for any number of threads. What was folded is handed to one of them.
 */
final class Folding {
    /** For how long what nobody asks for any more is kept: its command may have moved to another coordinator. */
    private static final Duration KEPT = Duration.ofSeconds(10);

    private final Executor executor;
    private @Nullable Job job;

    /** Folds a run's events; empty when they cannot be read just now. */
    @FunctionalInterface
    interface Fold {
        Optional<RunReplay> of(RunId run) throws RefusedException;
    }

    private static final class Job {
        private final RunId run;
        private final CompletableFuture<Optional<RunReplay>> outcome = new CompletableFuture<>();
        private volatile long doneNanos;

        Job(RunId run) {
            this.run = run;
        }

        void execute(Fold fold) {
            try {
                Optional<RunReplay> folded = fold.of(run);
                doneNanos = System.nanoTime();
                outcome.complete(folded);
            } catch (RefusedException | RuntimeException | Error e) {
                doneNanos = System.nanoTime();
                outcome.completeExceptionally(e);
            }
        }

        boolean isForgotten() {
            return outcome.isDone() && System.nanoTime() - doneNanos > KEPT.toNanos();
        }
    }

    Folding() {
        this(oneThread());
    }

    Folding(Executor executor) {
        this.executor = executor;
    }

    private static Executor oneThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "run-folding");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * The run, once it has been folded; it begins with that when no other is being folded.
     *
     * @return empty when it has to be asked for again
     * @throws RefusedException when the fold threw it
     */
    synchronized Optional<RunReplay> find(RunId run, Fold fold) throws RefusedException {
        Job current = job;
        if (current == null || current.isForgotten()) {
            Job next = new Job(run);
            job = next;
            executor.execute(() -> next.execute(fold));
            return Optional.empty();
        }
        if (!current.run.equals(run) || !current.outcome.isDone()) {
            return Optional.empty();
        }
        job = null;
        try {
            return current.outcome.join();
        } catch (CompletionException | CancellationException e) {
            if (e.getCause() instanceof RefusedException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
