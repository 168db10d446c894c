package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunFilter;
import io.millrace.coordinator.query.RunPage;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.engine.RunStatus;
import io.millrace.event.TriggerKind;
import io.millrace.expression.Document;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Starting runs and looking at them. */
final class RunRoutes {
    private static final int DEFAULT_RUNS = 50;
    /** A run with more tasks shows the rest in pages of their own. */
    private static final int MOST_TASKS = 200;

    private final PipelineCatalogue catalogue;
    private final History history;
    private final RunStarter starter;
    private final FoundRuns runs;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;

    RunRoutes(
            PipelineCatalogue catalogue,
            History history,
            RunStarter starter,
            FoundRuns runs,
            Tokens tokens,
            ApiServer.Lanes lanes) {
        this.catalogue = catalogue;
        this.history = history;
        this.starter = starter;
        this.runs = runs;
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        routes.post(Paths.PIPELINE_RUNS, Dispatcher.to(lanes.writing(), this::start));
        routes.get(Paths.RUNS, Dispatcher.to(lanes.reading(), tokens.before(this::list)));
        routes.get(Paths.RUN, Dispatcher.to(lanes.reading(), tokens.before(this::show)));
    }

    private CompletionStage<Answer> start(Call call) {
        call.allowQuery("wait");
        Optional<Duration> wait = Parameters.wait(call);
        Optional<String> key = StartRequest.idempotencyKey(call);
        ObjectNode body = call.json("inputs");
        String id = call.pathParameter("id");
        PipelineVersion pipeline = PipelineRoutes.id(id)
                .flatMap(catalogue::current)
                .orElseThrow(() -> PipelineRoutes.unknown(id, Optional.empty()));
        Document inputs = StartRequest.inputs(body, pipeline.pipeline());
        return starter.start(pipeline, inputs, key, StartRequest.source(call)).thenCompose(accepted -> {
            runs.accepted(accepted.runId());
            return runs.ended(accepted.runId(), wait)
                    .thenApplyAsync(ended -> accepted(pipeline, accepted.runId(), key, wait), lanes.waiting());
        });
    }

    /** With a key the run may be an earlier one, of an earlier version; without one, nobody has to look. */
    private Answer accepted(PipelineVersion pipeline, String run, Optional<String> key, Optional<Duration> waited) {
        Map<String, String> location = Map.of("Location", Paths.run(run), Tokens.HEADER, Tokens.ofStart(run));
        if (waited.isPresent()) {
            Optional<Answer> shown =
                    history.run(run, MOST_TASKS).map(view -> Answer.json(200, RunJson.full(view), location));
            if (shown.isPresent()) {
                return shown.get();
            }
        }
        int version = key.flatMap(given -> history.summary(run))
                .map(RunSummary::version)
                .orElse(pipeline.version());
        ObjectNode answer = JsonText.object()
                .put("id", run)
                .put("pipeline", pipeline.id().value())
                .put("version", version)
                .put("location", Paths.run(run));
        return Answer.json(202, answer, location);
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery(
                "pipeline", "status", "since", "until", "trigger", "idempotency_key", "parent", "limit", "cursor");
        RunFilter filter = new RunFilter(
                Parameters.pipeline(call),
                Parameters.several(call, "status", RunStatus.class),
                Parameters.moment(call, "since"),
                Parameters.moment(call, "until"),
                Parameters.one(call, "trigger", TriggerKind.class, kind -> kind != TriggerKind.UNKNOWN),
                Parameters.text(call, "idempotency_key"),
                Parameters.text(call, "parent"));
        if (!history.isCaughtUp()) {
            throw Problems.later(
                    ProblemKind.UNAVAILABLE,
                    "the history of runs is still being read, and a list of them would lack some",
                    Duration.ofSeconds(1));
        }
        RunPage page = history.list(filter, Parameters.limit(call, DEFAULT_RUNS), call.parameter("cursor"));
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("runs");
        page.runs().forEach(run -> list.add(RunJson.summary(run)));
        body.put("next", page.next().orElse(null));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery("wait");
        Optional<Duration> wait = Parameters.wait(call);
        String id = call.pathParameter("id");
        if (wait.isEmpty()) {
            return runs.find(id, () -> history.run(id, MOST_TASKS))
                    .thenApply(run -> Answer.json(200, RunJson.full(run)));
        }
        return runs.find(id, () -> history.summary(id))
                .thenCompose(known -> runs.ended(id, wait))
                .thenApplyAsync(
                        ended -> history.run(id, MOST_TASKS)
                                .map(run -> Answer.json(200, RunJson.full(run)))
                                .orElseThrow(() -> runs.unknown(id)),
                        lanes.waiting());
    }
}
