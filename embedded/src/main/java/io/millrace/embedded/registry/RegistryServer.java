package io.millrace.embedded.registry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running registry: it answers on its port from when it has read its topic to the end until it is closed.
 *
 * <p><b>Threading.</b> {@link #close()} may be called from any thread but Vert.x's own, and more than once.
 */
public final class RegistryServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Store store;
    private final Vertx vertx;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RegistryServer(Store store, Vertx vertx, int port) {
        this.store = store;
        this.vertx = vertx;
        this.port = port;
    }

    /**
     * Returns once requests are answered.
     *
     * @param topic created when it is missing
     * @param port 0 for any free one
     * @throws IOException when the port is taken, Kafka does not answer, or the topic would lose schemas; nothing is left running
     */
    public static RegistryServer start(String bootstrapServers, String topic, String host, int port)
            throws IOException {
        Store store = Store.open(bootstrapServers, topic);
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(8).setInternalBlockingPoolSize(1));
        try {
            Router router = Router.router(vertx);
            new Routes(new Exchange(store.writer()), store.queries(), store.commands()).addTo(router);
            HttpServer server = listen(vertx, router, host, port);
            vertx.executeBlocking(
                    () -> {
                        store.warmUp();
                        return port;
                    },
                    false);
            return new RegistryServer(store, vertx, server.actualPort());
        } catch (IOException | RuntimeException e) {
            close(vertx, store);
            throw e;
        }
    }

    /** The port it listens on, never 0. */
    public int port() {
        return port;
    }

    /** Returns within about 15 s; requests that are being answered may get no answer. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            close(vertx, store);
        }
    }

    private static HttpServer listen(Vertx vertx, Router router, String host, int port) throws IOException {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout(120)
                .setMaxInitialLineLength(16 << 10);
        try {
            return await(vertx.createHttpServer(options).requestHandler(router).listen());
        } catch (ExecutionException e) {
            throw new IOException(
                    "The registry cannot listen on " + host + ":" + port + " (" + Store.rootMessage(e)
                            + "): stop what listens there, or choose another port",
                    e);
        }
    }

    private static void close(Vertx vertx, Store store) {
        try {
            await(vertx.close());
        } catch (ExecutionException | IOException e) {
            LOG.warn("The registry's server did not stop in order", e);
        }
        store.close();
    }

    private static <T> T await(Future<T> future) throws ExecutionException, IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("No answer from Vert.x within " + LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
