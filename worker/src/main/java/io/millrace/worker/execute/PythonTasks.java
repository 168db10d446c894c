package io.millrace.worker.execute;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The tasks of one {@link PythonHost}, from their requests to their ends.
 *
 * <p><b>Threading:</b> any number of threads ask; one hears the answers. Each call is atomic, and what it completes it completes outside of the lock.
 */
final class PythonTasks {
    /**
     * A task that was asked for.
     *
     * @param number its request's
     * @param begun what it has become; empty when it was not begun, and nothing of it runs
     */
    record Asked(long number, CompletableFuture<Optional<Begun>> begun, CompletableFuture<Integer> code) {}

    private final Map<Long, Asked> open = new HashMap<>();
    private long asked;
    private boolean lost;

    /** A further task; not begun where nobody will answer any more. */
    synchronized Asked ask() {
        Asked task = new Asked(++asked, new CompletableFuture<>(), new CompletableFuture<>());
        if (lost) {
            task.begun().complete(Optional.empty());
        } else {
            open.put(task.number(), task);
        }
        return task;
    }

    void begun(long number, long pid) {
        find(number)
                .ifPresent(task -> task.begun().complete(Optional.of(new Begun(ProcessHandle.of(pid), task.code()))));
    }

    void refused(long number) {
        remove(number).ifPresent(task -> task.begun().complete(Optional.empty()));
    }

    void ended(long number, int code) {
        remove(number).ifPresent(task -> {
            task.begun().complete(Optional.empty());
            task.code().complete(code);
        });
    }

    /** There are no more answers; returns how many tasks ran. */
    int lose(IOException reason) {
        Map<Long, Asked> left;
        synchronized (this) {
            lost = true;
            left = Map.copyOf(open);
            open.clear();
        }
        left.values().forEach(task -> {
            task.begun().complete(Optional.empty());
            task.code().completeExceptionally(reason);
        });
        return left.size();
    }

    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    private synchronized Optional<Asked> find(long number) {
        return Optional.ofNullable(open.get(number));
    }

    private synchronized Optional<Asked> remove(long number) {
        return Optional.ofNullable(open.remove(number));
    }
}
