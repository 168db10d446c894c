package io.millrace.coordinator.api;

import io.millrace.coordinator.query.History;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Finds what the history has of runs; one that was accepted here a moment ago is waited for.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
final class FoundRuns {
    private static final Duration SHOWN_LIMIT = Duration.ofSeconds(2);

    private final History history;
    private final Executor executor;
    private final RecentRuns recent = new RecentRuns(System::nanoTime);

    /** @param executor looks again after a wait */
    FoundRuns(History history, Executor executor) {
        this.history = history;
        this.executor = executor;
    }

    /** A run was accepted here. */
    void accepted(String id) {
        recent.add(id);
    }

    /** What is found of a run; a problem when there is no such run. */
    <T> CompletionStage<T> find(String id, Supplier<Optional<T>> search) {
        Optional<T> found = search.get();
        if (found.isPresent() || !recent.contains(id)) {
            return CompletableFuture.completedFuture(found.orElseThrow(() -> unknown(id)));
        }
        return history.awaitRun(id, SHOWN_LIMIT)
                .thenApplyAsync(arrived -> search.get().orElseThrow(() -> unknown(id)), executor);
    }

    /** Completes when the run has ended or the time is up; at once when nobody is to wait. */
    CompletionStage<Boolean> ended(String id, Optional<Duration> wait) {
        return wait.isEmpty() ? CompletableFuture.completedFuture(false) : history.awaitEnd(id, wait.get());
    }

    /** While the history is not complete, nobody can say that a run has never been. */
    ProblemException unknown(String id) {
        if (!history.isCaughtUp()) {
            return Problems.later(
                    ProblemKind.UNAVAILABLE,
                    "the history of runs is still being read, so it is not known whether there is a run \"" + id + "\"",
                    Duration.ofSeconds(1));
        }
        return new ProblemException(ProblemKind.UNKNOWN_RUN, "there is no run \"" + id + "\"");
    }
}
