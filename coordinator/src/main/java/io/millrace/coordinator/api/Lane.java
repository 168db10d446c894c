package io.millrace.coordinator.api;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Threads for what blocks, so that event loops never do: so many at work, so many waiting, and whoever comes then is
 * refused at once (429) instead of waiting for ever. Requests that wait for Kafka have a lane of their own, so that they
 * cannot keep those waiting that do not.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class Lane implements Executor, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;

    Lane(String name, int working, int waiting) {
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                working, working, IDLE.toMillis(), TimeUnit.MILLISECONDS, new ArrayBlockingQueue<>(waiting), task -> {
                    Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** @throws java.util.concurrent.RejectedExecutionException when too many are waiting */
    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** The endpoint's answer; it is refused by an exceptional completion, never thrown. */
    CompletionStage<Answer> answer(Endpoint endpoint, Call call) {
        return call(() -> endpoint.answer(call));
    }

    /** What comes of the work; it is refused by an exceptional completion, never thrown. */
    <T> CompletionStage<T> call(Supplier<CompletionStage<T>> work) {
        try {
            return CompletableFuture.supplyAsync(work, this).thenCompose(stage -> stage);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Work that has begun is interrupted; work that waits is forgotten. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
