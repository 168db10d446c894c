package io.millrace.cli.command;

import io.millrace.cli.client.ApiClient;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.RunDocument;
import io.millrace.cli.client.RunView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks after a run at intervals until it has ended, so that a reader of its logs need not wait for answers.
 *
 * <p><em>Threading</em>: a thread of its own asks; any thread may see what was answered.
 */
final class RunPoll implements AutoCloseable {
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable RunView ended;
    private volatile @Nullable RuntimeException failure;

    RunPoll(ApiClient api, String runId, Duration interval) {
        Thread thread = new Thread(() -> ask(api, runId, interval), "run-poll");
        thread.setDaemon(true);
        thread.start();
    }

    private void ask(ApiClient api, String runId, Duration interval) {
        try {
            do {
                RunView run = Json.as(RunView.class, api.run(runId));
                if (run.ended()) {
                    ended = run.tasksNext() == null
                            ? run
                            : Json.as(RunView.class, new RunDocument(api, tasks -> {}).withTasksAndItems(runId));
                    return;
                }
            } while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The run once it has ended, with all of its tasks and items.
     *
     * @throws RuntimeException what the asking failed with
     */
    Optional<RunView> ended() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return Optional.ofNullable(ended);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
