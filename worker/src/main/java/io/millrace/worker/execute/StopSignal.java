package io.millrace.worker.execute;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks one execution to stop; the first request counts, later ones change nothing.
 *
 * <p><b>Threading:</b> any thread may ask, any number of times; the thread that executes waits for it.
 */
public final class StopSignal {
    /** Why an execution is stopped. */
    public enum Reason {
        /** The engine has closed the delivery: nothing is to be reported of it. */
        CANCELLED,
        /** The worker is shutting down: the task is given back. */
        RELEASED
    }

    /**
     * A request to stop.
     *
     * @param reason what becomes of the task
     * @param text why, for people
     */
    public record Request(Reason reason, String text) {}

    private final CompletableFuture<Request> request = new CompletableFuture<>();

    /** Asks the execution to stop; returns false when it had been asked before. */
    public boolean request(Reason reason, String text) {
        return request.complete(new Request(reason, text));
    }

    /** The request, once there is one. */
    public Optional<Request> requested() {
        return Optional.ofNullable(request.getNow(null));
    }

    /** Completes with the request; never exceptionally. */
    CompletableFuture<Request> whenRequested() {
        return request;
    }
}
