package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** `/livez`: whether the process answers at all. `/readyz`: whether it should be sent work, and if not, why. */
final class HealthRoutes {
    private static final Logger log = LoggerFactory.getLogger(HealthRoutes.class);
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

    private final List<ReadinessCheck> checks;
    private final ApiServer.Lanes lanes;

    HealthRoutes(List<ReadinessCheck> checks, ApiServer.Lanes lanes) {
        this.checks = List.copyOf(checks);
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        ObjectNode alive = JsonText.object().put("status", "ok");
        alive.putArray("checks");
        routes.get("/livez", Dispatcher.at(Answer.json(200, alive)));
        routes.get("/readyz", Dispatcher.to(lanes.health(), this::ready));
    }

    /** Asks all checks, and waits for none longer than the limit. */
    private CompletionStage<Answer> ready(Call call) {
        call.allowQuery();
        List<CompletableFuture<Optional<String>>> asked =
                checks.stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> {
            ArrayNode shown = JsonText.object().arrayNode();
            boolean ready = true;
            for (int i = 0; i < checks.size(); i++) {
                Optional<String> trouble = asked.get(i).join();
                ready &= trouble.isEmpty();
                shown.addObject()
                        .put("name", checks.get(i).name())
                        .put("status", trouble.isEmpty() ? "ok" : "failing")
                        .put("detail", trouble.orElse(null));
            }
            ObjectNode body = JsonText.object().put("status", ready ? "ok" : "failing");
            body.set("checks", shown);
            return Answer.json(ready ? 200 : 503, body);
        });
    }

    private CompletableFuture<Optional<String>> ask(ReadinessCheck check) {
        try {
            return CompletableFuture.supplyAsync(check.trouble(), lanes.checks())
                    .completeOnTimeout(
                            Optional.of("no answer within " + CHECK_LIMIT.toSeconds() + " s"),
                            CHECK_LIMIT.toMillis(),
                            TimeUnit.MILLISECONDS)
                    .exceptionally(e -> {
                        log.warn("The readiness check {} failed", check.name(), e);
                        return Optional.of("the check itself failed; the coordinator's log tells why");
                    });
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(Optional.of("earlier checks have not come to an end"));
        }
    }
}
