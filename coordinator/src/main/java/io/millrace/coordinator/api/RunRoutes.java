package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RecordedEvent;
import io.millrace.coordinator.query.RunFilter;
import io.millrace.coordinator.query.RunPage;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.engine.RunStatus;
import io.millrace.expression.Document;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Starting runs, looking at them, and cancelling them. */
final class RunRoutes {
    private static final Duration SHOWN_LIMIT = Duration.ofSeconds(2);
    private static final String DEFAULT_REASON = "cancelled through the API";

    private final PipelineCatalogue catalogue;
    private final History history;
    private final RunStarter starter;
    private final ApiServer.Lanes lanes;
    private final RecentRuns recent = new RecentRuns(System::nanoTime);

    RunRoutes(PipelineCatalogue catalogue, History history, RunStarter starter, ApiServer.Lanes lanes) {
        this.catalogue = catalogue;
        this.history = history;
        this.starter = starter;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.post(Paths.PIPELINE_RUNS, Dispatcher.to(lanes.writing(), this::start));
        routes.get(Paths.RUNS, Dispatcher.to(lanes.reading(), this::list));
        routes.get(Paths.RUN, Dispatcher.to(lanes.reading(), this::show));
        routes.get(Paths.RUN_EVENTS, Dispatcher.to(lanes.reading(), this::events));
        routes.post(Paths.RUN_CANCEL, Dispatcher.to(lanes.writing(), this::cancel));
    }

    private CompletionStage<Answer> start(Call call) {
        call.allowQuery();
        Optional<String> key = StartRequest.idempotencyKey(call);
        ObjectNode body = call.json("inputs");
        String id = call.pathParameter("id");
        PipelineVersion pipeline = PipelineRoutes.id(id)
                .flatMap(catalogue::current)
                .orElseThrow(() -> PipelineRoutes.unknown(id, Optional.empty()));
        Document inputs = StartRequest.inputs(body, pipeline.pipeline());
        return starter.start(pipeline, inputs, key, StartRequest.source(call))
                .thenApplyAsync(accepted -> accepted(pipeline, accepted.runId(), key), lanes.reading());
    }

    /** With a key the run may be an earlier one, of an earlier version; without one, nobody has to look. */
    private Answer accepted(PipelineVersion pipeline, String run, Optional<String> key) {
        recent.add(run);
        int version = key.flatMap(given -> history.summary(run))
                .map(RunSummary::version)
                .orElse(pipeline.version());
        ObjectNode answer = JsonText.object()
                .put("id", run)
                .put("pipeline", pipeline.id().value())
                .put("version", version)
                .put("location", Paths.run(run));
        return Answer.json(202, answer, Map.of("Location", Paths.run(run)));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("pipeline", "status", "limit", "cursor");
        RunFilter filter = ListRequest.filter(call);
        RunPage page = history.list(filter, ListRequest.limit(call), call.parameter("cursor"));
        ObjectNode body = JsonText.object();
        ArrayNode runs = body.putArray("runs");
        page.runs().forEach(run -> runs.add(RunJson.summary(run)));
        body.put("next", page.next().orElse(null));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery();
        String id = call.pathParameter("id");
        return shown(id, () -> history.run(id)).thenApply(run -> Answer.json(200, RunJson.full(run)));
    }

    private CompletionStage<Answer> events(Call call) {
        call.allowQuery();
        String id = call.pathParameter("id");
        return shown(id, () -> Optional.of(history.events(id)).filter(events -> !events.isEmpty()))
                .thenApply(events -> Answer.json(200, eventsBody(events)));
    }

    private JsonNode eventsBody(List<RecordedEvent> events) {
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("events");
        events.forEach(event -> list.add(EventJson.of(event, history.topic())));
        return body;
    }

    private CompletionStage<Answer> cancel(Call call) {
        call.allowQuery();
        String reason = StartRequest.reason(call.json("reason")).orElse(DEFAULT_REASON);
        String id = call.pathParameter("id");
        return shown(id, () -> history.summary(id)).thenCompose(run -> {
            if (run.status().hasEnded() && run.status() != RunStatus.CANCELLED) {
                throw new ProblemException(
                        ProblemKind.RUN_HAS_ENDED,
                        "the run " + id + " has " + JsonText.lower(run.status()) + " and cannot be cancelled any more");
            }
            CompletionStage<Void> asked = run.status() == RunStatus.CANCELLED
                    ? CompletableFuture.completedFuture(null)
                    : starter.cancel(id, reason);
            return asked.thenApply(acknowledged -> Answer.json(
                    202,
                    JsonText.object().put("id", id).put("location", Paths.run(id)),
                    Map.of("Location", Paths.run(id))));
        });
    }

    /** What the history has of a run; of one that was accepted here a moment ago, as soon as it has it. */
    private <T> CompletionStage<T> shown(String id, Supplier<Optional<T>> find) {
        Optional<T> found = find.get();
        if (found.isPresent() || !recent.contains(id)) {
            return CompletableFuture.completedFuture(found.orElseThrow(() -> unknown(id)));
        }
        return history.awaitRun(id, SHOWN_LIMIT)
                .thenApplyAsync(arrived -> find.get().orElseThrow(() -> unknown(id)), lanes.reading());
    }

    /** While the history is not complete, nobody can say that a run has never been. */
    private ProblemException unknown(String id) {
        if (!history.isCaughtUp()) {
            return Problems.later(
                    ProblemKind.UNAVAILABLE,
                    "the history of runs is still being read, so it is not known whether there is a run \"" + id + "\"",
                    Duration.ofSeconds(1));
        }
        return new ProblemException(ProblemKind.UNKNOWN_RUN, "there is no run \"" + id + "\"");
    }
}
