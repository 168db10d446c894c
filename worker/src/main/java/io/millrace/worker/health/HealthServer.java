package io.millrace.worker.health;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /livez}: whether the process answers at all. {@code /readyz}: whether the worker takes part, and if not, why. {@code /metrics}: what
 * Prometheus collects. Nothing else, and nothing that changes anything.
 *
 * <p><b>Threading:</b> one event loop answers; nobody's answer waits for Kafka.
 */
final class HealthServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int IDLE_SECONDS = 30;
    private static final int BACKLOG = 128;
    private static final int LIMIT_SECONDS = 30;

    private final Vertx vertx;
    private final HttpServer server;
    private final WorkerMeters meters;
    private final Supplier<List<HealthCheck>> checks;

    private HealthServer(HealthAddress address, WorkerMeters meters, Supplier<List<HealthCheck>> checks) {
        this.meters = meters;
        this.checks = checks;
        this.vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setAcceptBacklog(BACKLOG)
                .setIdleTimeout(IDLE_SECONDS)
                // An upgrade to HTTP/2 without TLS serves nobody here, and a request was seen to hang in it.
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(true));
        server.requestHandler(this::answer);
    }

    static HealthServer start(HealthAddress address, WorkerMeters meters, Supplier<List<HealthCheck>> checks) {
        HealthServer health = new HealthServer(address, meters, checks);
        try {
            health.server
                    .listen()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            health.close();
            throw new IllegalStateException(
                    "The worker cannot serve its health on " + address.host() + ":" + address.port()
                            + " (worker.http.host, worker.http.port): "
                            + Objects.requireNonNullElse(e.getCause(), e).getMessage(),
                    e);
        }
        LOG.info("Health and metrics are served on http://{}:{}", address.host(), health.port());
        return health;
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            request.response()
                    .setStatusCode(405)
                    .putHeader("Allow", "GET, HEAD")
                    .end();
            return;
        }
        try {
            switch (request.path()) {
                case "/livez" -> answer(request, List.of());
                case "/readyz" -> answer(request, checks.get());
                case "/metrics" -> send(request, 200, WorkerMeters.CONTENT_TYPE, meters.text());
                default -> send(request, 404, "text/plain; charset=utf-8", "/livez, /readyz or /metrics\n");
            }
        } catch (RuntimeException e) {
            LOG.error("{} could not be answered", request.path(), e);
            request.response().setStatusCode(500).end();
        }
    }

    private static void answer(HttpServerRequest request, List<HealthCheck> all) {
        boolean well = all.stream().allMatch(check -> check.trouble().isEmpty());
        ObjectNode body = JSON.createObjectNode().put("status", well ? "ok" : "failing");
        ArrayNode shown = body.putArray("checks");
        for (HealthCheck check : all) {
            shown.addObject()
                    .put("name", check.name())
                    .put("status", check.trouble().isEmpty() ? "ok" : "failing")
                    .put("detail", check.trouble().orElse(null));
        }
        send(request, well ? 200 : 503, "application/json", body.toString());
    }

    private static void send(HttpServerRequest request, int status, String type, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", type).end(body);
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .exceptionally(e -> {
                    LOG.warn("The health server did not end in time", e);
                    return null;
                })
                .join();
    }
}
