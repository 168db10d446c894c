package io.millrace.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.metrics.Measurements;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** `/metrics`: what Prometheus collects. */
final class MetricsRoutes {
    private final Measurements measurements;
    private final ApiServer.Lanes lanes;

    MetricsRoutes(Measurements measurements, ApiServer.Lanes lanes) {
        this.measurements = measurements;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.get("/metrics", Dispatcher.to(lanes.health(), this::metrics));
    }

    private CompletionStage<Answer> metrics(Call call) {
        return CompletableFuture.completedFuture(
                new Answer(200, Measurements.CONTENT_TYPE, measurements.text().getBytes(UTF_8), Map.of()));
    }
}
