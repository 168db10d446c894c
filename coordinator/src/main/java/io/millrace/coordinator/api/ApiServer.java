package io.millrace.coordinator.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the HTTP API from {@link #start} to {@link #close}. Whatever a client sends, it is answered with what it asked
 * for or with an RFC 9457 problem, and no other client notices (G8).
 *
 * <p><b>Threading.</b> Thread-safe.
 */
public final class ApiServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final HttpServer server;
    private final Lanes lanes;
    private final Map<String, List<String>> routes;

    private ApiServer(Vertx vertx, HttpServer server, Lanes lanes, Map<String, List<String>> routes) {
        this.routes = routes;
        this.vertx = vertx;
        this.server = server;
        this.lanes = lanes;
    }

    /**
     * Where the API is served.
     *
     * @param host the address to listen at; 127.0.0.1 unless others are to reach it
     * @param port 0 takes a free one
     */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** What endpoints run on. Health and its checks have their own, so that it answers also when all else is stuck. */
    record Lanes(Lane reading, Lane writing, Lane hooks, Lane waiting, Lane streaming, Lane health, Lane checks)
            implements AutoCloseable {
        static Lanes open() {
            return new Lanes(
                    new Lane("api-reading", 4, 512),
                    new Lane("api-writing", 4, 256),
                    // Others than those who use the API call these, and may all come at once.
                    new Lane("api-hooks", 4, 2_000),
                    // Whoever waited long is not turned away at the end: as many can be answered at once as may wait.
                    new Lane("api-waiting", 4, 20_000),
                    new Lane("api-streaming", 4, 400),
                    new Lane("api-health", 1, 16),
                    new Lane("api-checks", 4, 64));
        }

        @Override
        public void close() {
            reading.close();
            writing.close();
            hooks.close();
            waiting.close();
            streaming.close();
            health.close();
            checks.close();
        }
    }

    /**
     * Serves when it returns.
     *
     * @param parts what it serves; none of them is closed by it
     * @throws ApiStartException when the port is taken or the address is not one of this machine's; it names them
     */
    public static ApiServer start(Address address, InstanceInfo info, ApiParts parts) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Lanes lanes = Lanes.open();
        try {
            RouteTable routes = routes(vertx, lanes, info, parts);
            Router router = routes.complete();
            SlowHeads slowHeads = new SlowHeads(vertx);
            HttpServer server = vertx.createHttpServer(options(address))
                    .requestHandler(slowHeads.before(router))
                    .invalidRequestHandler(Dispatcher::refuseMalformed)
                    .connectionHandler(slowHeads)
                    .exceptionHandler(e -> log.debug("A connection failed", e));
            await(server.listen(), START_LIMIT);
            log.info("The API is served at http://{}:{}", address.host(), server.actualPort());
            return new ApiServer(vertx, server, lanes, routes.methods());
        } catch (ExecutionException e) {
            throw failed(vertx, lanes, address, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failed(vertx, lanes, address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(vertx, lanes, address, e);
        }
    }

    private static RouteTable routes(Vertx vertx, Lanes lanes, InstanceInfo info, ApiParts parts) {
        RouteTable routes = new RouteTable(vertx, parts.measurements());
        new HealthRoutes(parts.checks(), lanes).addTo(routes);
        new InfoRoutes(info).addTo(routes);
        new OpenApiRoutes().addTo(routes);
        new MetricsRoutes(parts.measurements(), lanes).addTo(routes);
        Tokens tokens = new Tokens(parts.history(), parts.catalogue(), lanes.waiting());
        new PipelineRoutes(parts.catalogue(), tokens, lanes).addTo(routes);
        new TriggerRoutes(parts.catalogue(), parts.pauses(), parts.progress(), parts.workers(), tokens, lanes)
                .addTo(routes);
        new BackfillRoutes(parts, tokens, lanes).addTo(routes);
        new AlertRoutes(parts, lanes).addTo(routes);
        FoundRuns runs = new FoundRuns(parts.history(), lanes.waiting());
        LiveStreams streams = new LiveStreams(lanes.streaming(), parts.history()::listen, parts.history()::forget);
        new RunRoutes(parts.catalogue(), parts.history(), parts.starter(), runs, tokens, lanes).addTo(routes);
        new HookRoutes(parts, runs, lanes).addTo(routes);
        new TaskRoutes(parts.history(), runs, tokens, lanes).addTo(routes);
        new CommandRoutes(parts.history(), parts.starter(), runs, lanes).addTo(routes);
        SlotsInUse slots = new SlotsInUse(parts.catalogue(), parts.history());
        new WhyRoutes(parts.history(), parts.workers(), slots, runs, tokens, lanes).addTo(routes);
        new EventRoutes(parts.history(), runs, tokens, streams, lanes).addTo(routes);
        new LogRoutes(parts.logs(), parts.history(), runs, streams, lanes).addTo(routes);
        new PoolRoutes(parts.catalogue(), parts.pools(), parts.history(), lanes).addTo(routes);
        new FleetRoutes(parts.workers(), parts.queues(), lanes).addTo(routes);
        new DeadLetterRoutes(parts.deadLetters(), parts.replay(), lanes).addTo(routes);
        return routes;
    }

    private static HttpServerOptions options(Address address) {
        return new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setMaxInitialLineLength(ServerLimits.MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(ServerLimits.MAX_HEADER_BYTES)
                .setIdleTimeout((int) ServerLimits.MAX_SILENCE.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(true);
    }

    private static ApiStartException failed(Vertx vertx, Lanes lanes, Address address, Throwable cause) {
        lanes.close();
        vertx.close();
        String reason = cause instanceof BindException
                ? "the port is taken, or the address is not one of this machine's (" + cause.getMessage() + ")"
                : String.valueOf(cause.getMessage());
        return new ApiStartException("The API cannot be served at " + address + ": " + reason, cause);
    }

    /** Every path that is served, with its methods; parts that vary begin with a colon. */
    Map<String, List<String>> routes() {
        return routes;
    }

    /** The port that is listened at. */
    public int port() {
        return server.actualPort();
    }

    /** Takes no more requests, lets those under way finish within five seconds, then ends. */
    @Override
    public void close() {
        try {
            await(server.shutdown(GRACE.toMillis(), TimeUnit.MILLISECONDS), GRACE.plusSeconds(5));
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The API did not end in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lanes.close();
            vertx.close();
        }
    }

    private static <T> T await(Future<T> future, Duration limit)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
