package io.millrace.cli.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that are started one after the other or side by side, and closed in the opposite order in which their start was
 * asked for, each of them whatever happens to the others.
 *
 * <p><em>Threading</em>: starting and closing is for one thread; the parts that start aside do so on threads of their own.
 */
final class Parts implements AutoCloseable {
    private final Deque<CompletableFuture<? extends AutoCloseable>> started = new ArrayDeque<>();
    private final StartListener listener;

    Parts(StartListener listener) {
        this.listener = listener;
    }

    /** Starts a part and waits for it. */
    <P extends AutoCloseable> P start(String name, Supplier<P> start, Function<P, String> address) {
        P part = timed(name, start, address);
        started.push(CompletableFuture.completedFuture(part));
        return part;
    }

    /** Starts a part on a thread of its own. */
    <P extends AutoCloseable> CompletableFuture<P> startAside(
            String name, Supplier<P> start, Function<P, String> address) {
        CompletableFuture<P> part = new CompletableFuture<>();
        started.push(part);
        Thread thread = new Thread(() -> complete(part, () -> timed(name, start, address)), "start-" + name);
        thread.setDaemon(true);
        thread.start();
        return part;
    }

    /** Closes what was started, the last first; a part that is still starting is waited for. */
    @Override
    public void close() {
        while (!started.isEmpty()) {
            close(started.pop());
        }
    }

    /** The part, or what its start failed with. */
    static <P> P joined(CompletableFuture<P> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private <P> P timed(String name, Supplier<P> start, Function<P, String> address) {
        Instant begun = Instant.now();
        P part = start.get();
        synchronized (listener) {
            listener.started(name, address.apply(part), Duration.between(begun, Instant.now()));
        }
        return part;
    }

    private static <P> void complete(CompletableFuture<P> part, Supplier<P> start) {
        try {
            part.complete(start.get());
        } catch (Throwable e) { // Whatever it is: somebody waits for it.
            part.completeExceptionally(e);
        }
    }

    private static void close(CompletableFuture<? extends AutoCloseable> part) {
        Logger log = LoggerFactory.getLogger(Parts.class);
        try {
            part.join().close();
        } catch (CompletionException e) {
            log.debug("A part that did not start needs no closing", e);
        } catch (Exception e) {
            log.warn("A part was not closed in order", e);
        }
    }
}
