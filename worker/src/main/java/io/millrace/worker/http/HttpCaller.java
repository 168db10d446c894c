package io.millrace.worker.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls. Each has a connection of its own, which is closed with the call: one that was kept could be gone just when it is used again, and then
 * nobody knows whether the server has seen the call.
 *
 * <p><b>Threading:</b> any number of threads make a call each, and wait for it. The threads of Vert.x are started by the first.
 */
public final class HttpCaller implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final int HEADER_BYTES = 32 << 10;
    private static final int MOST_CONNECTIONS = 100_000;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    /** The status by which a proxy, and nobody else, asks who is there. */
    private static final int PROXY_ASKS = 407;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Clock clock;
    private @Nullable Started started;
    private boolean closed;

    /** What the first call has started. */
    private record Started(Vertx vertx, HttpClient client) {}

    /** The clock tells how far away a date is until which a server asks to be left alone. */
    public HttpCaller(Clock clock) {
        this.clock = clock;
    }

    /**
     * Makes a call and follows its redirects.
     *
     * @param route by which way its requests go
     * @param limit how long it may take, beside the call's own limit
     * @param stop ends it, and its connection, when it is completed
     * @return the answer, whose status is one that is wanted
     * @throws HttpFault when there is none
     */
    public HttpAnswer make(HttpCall call, HttpRoute route, Duration limit, CompletionStage<?> stop)
            throws HttpFault, InterruptedException {
        long begun = System.nanoTime();
        Duration own =
                call.limit().filter(shorter -> shorter.compareTo(limit) < 0).orElse(limit);
        HttpCall next = call;
        while (true) {
            Duration left = own.minusNanos(System.nanoTime() - begun);
            HttpAnswer answer = exchange(next, route, left, stop, own);
            Optional<String> location =
                    REDIRECTS.contains(answer.status()) ? answer.header("location") : Optional.empty();
            boolean follows = location.isPresent() && !call.wanted().contains(answer.status()) && call.redirects() > 0;
            if (!follows) {
                return judged(next, route, answer);
            }
            if (next.redirects() == 0) {
                throw HttpFault.permanent(
                        HttpFault.Kind.LIMIT,
                        call.name() + " redirects more often than the limit redirects of " + call.redirects() + ".");
            }
            next = next.redirected(answer.status(), location.orElseThrow());
        }
    }

    /** Ends the threads of Vert.x. */
    @Override
    public void close() {
        Started running;
        synchronized (this) {
            closed = true;
            running = started;
        }
        if (running == null) {
            return;
        }
        try {
            running.vertx()
                    .close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException goesWithTheProcess) {
            return;
        }
    }

    private HttpAnswer judged(HttpCall call, HttpRoute route, HttpAnswer answer) throws HttpFault {
        if (call.wanted().contains(answer.status())) {
            return answer;
        }
        String reason = answer.reason().isEmpty() ? "" : " " + answer.reason();
        Optional<HttpProxy> asking = answer.status() == PROXY_ASKS ? route.to(call.host()) : Optional.empty();
        throw HttpFault.status(
                answer.status(),
                call.name() + (asking.isPresent() ? " was refused by the proxy " + asking.get() + ": " : " answered ")
                        + answer.status() + reason + ".",
                call.transients().contains(answer.status()),
                answer.header("retry-after").flatMap(header -> RetryAfter.read(header, clock.instant())),
                answer.text().orElse(""));
    }

    private HttpAnswer exchange(HttpCall call, HttpRoute route, Duration left, CompletionStage<?> stop, Duration whole)
            throws HttpFault, InterruptedException {
        Started running = started();
        Exchange exchange = new Exchange(call, running.vertx().fileSystem());
        CompletableFuture<HttpAnswer> answer = exchange.start(running.client(), route);
        CompletableFuture<Object> first = CompletableFuture.anyOf(answer, stop.toCompletableFuture());
        try {
            Object result = first.get(Math.max(0, nanos(left)), TimeUnit.NANOSECONDS);
            if (result instanceof HttpAnswer received) {
                return received;
            }
            throw HttpFault.permanent(HttpFault.Kind.STOPPED, call.name() + " was asked to stop.");
        } catch (TimeoutException e) {
            throw HttpFault.retryable(
                    HttpFault.Kind.TIMEOUT, call.name() + " did not answer within " + words(whole) + ".");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpFault fault) {
                throw fault;
            }
            throw HttpFault.retryable(
                    HttpFault.Kind.CONNECTION,
                    call.name() + " failed without an answer"
                            + route.to(call.host())
                                    .map(proxy -> " by the proxy " + proxy)
                                    .orElse("")
                            + ": " + reasonOf(e.getCause()));
        } finally {
            if (!answer.isDone() || answer.isCompletedExceptionally()) {
                exchange.cancel();
            }
        }
    }

    private synchronized Started started() {
        if (closed) {
            throw new IllegalStateException("The worker is stopping.");
        }
        Started running = started;
        if (running == null) {
            Vertx vertx = Vertx.vertx(new VertxOptions()
                    .setEventLoopPoolSize(2)
                    .setWorkerPoolSize(2)
                    .setInternalBlockingPoolSize(2)
                    .setFileSystemOptions(
                            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions()
                            .setKeepAlive(false)
                            .setConnectTimeout((int) CONNECT_LIMIT.toMillis())
                            .setMaxHeaderSize(HEADER_BYTES)
                            .setDecompressionSupported(true),
                    new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
            running = new Started(vertx, client);
            started = running;
        }
        return running;
    }

    private static String reasonOf(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        String reason = message == null || message.isBlank()
                ? cause == null ? "for no known reason" : cause.getClass().getSimpleName()
                : message.replace('\n', ' ');
        return reason.endsWith(".") ? reason : reason + ".";
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? duration.toNanos() : Long.MAX_VALUE;
    }

    private static String words(Duration limit) {
        return limit.toMillis() % 1_000 == 0 ? limit.toSeconds() + "s" : limit.toMillis() + "ms";
    }
}
