package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.backfill.Backfills;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.engine.BackfillId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.event.Backfill;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.BackfillState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Making up for ticks of schedules: what a backfill would do, beginning one, and looking at it. */
final class BackfillRoutes {
    private static final int DEFAULT_TICKS = 50;

    private final PipelineCatalogue catalogue;
    private final Backfills backfills;
    private final History history;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;
    private final Clock clock = Clock.systemUTC();

    BackfillRoutes(ApiParts parts, Tokens tokens, ApiServer.Lanes lanes) {
        this.catalogue = parts.catalogue();
        this.backfills = parts.backfills();
        this.history = parts.history();
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        // To count ticks may take a second, and a pipeline that is not known yet is asked of Kafka: this may wait.
        routes.get(Paths.PIPELINE_TICKS, Dispatcher.to(lanes.writing(), tokens.before(this::preview)));
        routes.post(Paths.BACKFILLS, Dispatcher.to(lanes.writing(), this::start));
        routes.get(Paths.BACKFILLS, Dispatcher.to(lanes.reading(), this::list));
        routes.get(Paths.BACKFILL, Dispatcher.to(lanes.reading(), this::show));
        routes.post(Paths.BACKFILL_PAUSE, Dispatcher.to(lanes.writing(), call -> ask(call, BackfillCommandType.PAUSE)));
        routes.post(
                Paths.BACKFILL_RESUME, Dispatcher.to(lanes.writing(), call -> ask(call, BackfillCommandType.RESUME)));
        routes.post(
                Paths.BACKFILL_CANCEL, Dispatcher.to(lanes.writing(), call -> ask(call, BackfillCommandType.CANCEL)));
    }

    private CompletionStage<Answer> preview(Call call) {
        call.allowQuery("from", "to", "trigger", "again", "limit", "cursor");
        boolean again = Parameters.flag(call, "again").orElse(false);
        int limit = Parameters.limit(call, DEFAULT_TICKS);
        Optional<Instant> after = Parameters.moment(call, "cursor");
        BackfillRequest request = BackfillRequest.of(
                version(call.pathParameter("id")),
                call.parameter("trigger"),
                call.parameter("from"),
                call.parameter("to"),
                clock.instant());
        if (!history.isCaughtUp()) {
            throw Problems.later(
                    ProblemKind.UNAVAILABLE,
                    "the history of runs is still being read, and some that are there would not be seen",
                    Duration.ofSeconds(1));
        }
        List<Instant> ticks = after.filter(
                        moment -> !moment.isBefore(request.range().from()))
                .map(request.range()::ticksAfter)
                .orElseGet(request.range()::ticks)
                .limit(limit + 1L)
                .toList();
        ObjectNode body = described(request);
        ArrayNode shown = body.putArray("ticks");
        ticks.stream().limit(limit).forEach(tick -> shown.add(tick(request, tick, again)));
        body.put("next", ticks.size() > limit ? JsonText.moment(ticks.get(limit - 1)) : null);
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private static ObjectNode described(BackfillRequest request) {
        return JsonText.object()
                .put("pipeline", request.version().id().value())
                .put("version", request.version().version())
                .put("trigger", request.trigger())
                .put("from", JsonText.moment(request.range().from()))
                .put("to", JsonText.moment(request.range().to()))
                .put("total", request.total());
    }

    private ObjectNode tick(BackfillRequest request, Instant tick, boolean again) {
        RunId run = RunId.ofTick(request.version().id(), request.trigger(), tick);
        Optional<RunStatus> status = history.summary(run.value()).map(RunSummary::status);
        return JsonText.object()
                .put("at", JsonText.moment(tick))
                .put("run", run.value())
                .put("status", status.map(JsonText::lower).orElse(null))
                .put("action", action(status, again));
    }

    private static String action(Optional<RunStatus> status, boolean again) {
        if (status.isEmpty()) {
            return "start";
        }
        boolean over = status.get().hasEnded();
        return over && (again || status.get() != RunStatus.SUCCEEDED) ? "rerun" : "skip";
    }

    private CompletionStage<Answer> start(Call call) {
        call.allowQuery();
        ObjectNode body = call.json("pipeline", "trigger", "from", "to", "limit", "again", "reason", "by");
        String pipeline = CommandBody.word(body, "pipeline")
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.MALFORMED_JSON, "\"pipeline\" is missing: the id of the pipeline"));
        int limit = BackfillRequest.limit(body);
        boolean again = body.hasNonNull("again") && CommandBody.flag(body, "again");
        Optional<String> reason = CommandBody.reason(body, "reason");
        Optional<String> by = CommandBody.by(body);
        PipelineVersion version = version(pipeline);
        BackfillId id = BackfillId.ofKey(
                version.id(),
                StartRequest.idempotencyKey(call)
                        .orElseGet(() -> UUID.randomUUID().toString()));
        Optional<Backfill> known = backfills.get(id.value());
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(Answer.json(202, BackfillJson.of(known.get()), location(id)));
        }
        Instant now = clock.instant();
        BackfillRequest request = BackfillRequest.of(
                version,
                CommandBody.word(body, "trigger"),
                CommandBody.word(body, "from"),
                CommandBody.word(body, "to"),
                now);
        BackfillCommand command = BackfillCommand.newBuilder()
                .setType(BackfillCommandType.START)
                .setBackfillId(id.value())
                .setPipeline(version.id().value())
                .setVersion(version.version())
                .setTriggerId(request.trigger())
                .setFrom(request.range().from())
                .setTo(request.range().to())
                .setLimit(limit)
                .setAgain(again)
                .setTicks(request.total())
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null))
                .setAt(now)
                .build();
        return backfills
                .ask(command)
                .thenApply(done -> Answer.json(202, BackfillJson.of(begun(command)), location(id)));
    }

    /** As it is until something has been decided about it. */
    private static Backfill begun(BackfillCommand start) {
        return Backfill.newBuilder()
                .setBackfillId(start.getBackfillId())
                .setPipeline(start.getPipeline())
                .setVersion(start.getVersion())
                .setTriggerId(start.getTriggerId())
                .setFrom(start.getFrom())
                .setTo(start.getTo())
                .setLimit(start.getLimit())
                .setAgain(start.getAgain())
                .setTicks(start.getTicks())
                .setReason(start.getReason().orElse(null))
                .setBy(start.getBy().orElse(null))
                .setStartedAt(start.getAt())
                .setState(BackfillState.RUNNING)
                .setStateAt(start.getAt())
                .build();
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("pipeline");
        ObjectNode body = JsonText.object();
        ArrayNode list = body.putArray("backfills");
        backfills.all(Parameters.pipeline(call)).forEach(backfill -> list.add(BackfillJson.of(backfill)));
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private CompletionStage<Answer> show(Call call) {
        call.allowQuery();
        return CompletableFuture.completedFuture(Answer.json(200, BackfillJson.of(known(call.pathParameter("id")))));
    }

    private CompletionStage<Answer> ask(Call call, BackfillCommandType type) {
        call.allowQuery();
        ObjectNode body = call.json("reason", "by");
        Optional<String> reason = CommandBody.reason(body, "reason");
        Optional<String> by = CommandBody.by(body);
        Backfill backfill = known(call.pathParameter("id"));
        boolean cancelled =
                backfill.getState() == BackfillState.CANCELLED || backfill.getState() == BackfillState.CANCELLING;
        boolean over = cancelled || backfill.getState() == BackfillState.FINISHED;
        if (over && !(cancelled && type == BackfillCommandType.CANCEL)) {
            throw new ProblemException(
                    ProblemKind.BACKFILL_IS_OVER,
                    "the backfill " + backfill.getBackfillId() + " is " + JsonText.lower(backfill.getState())
                            + "; nothing can be asked of it any more");
        }
        BackfillId id = new BackfillId(backfill.getBackfillId());
        Answer accepted = Answer.json(
                202, JsonText.object().put("id", id.value()).put("location", Paths.backfill(id)), location(id));
        if (over) {
            return CompletableFuture.completedFuture(accepted);
        }
        BackfillCommand command = BackfillCommand.newBuilder()
                .setType(type)
                .setBackfillId(id.value())
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null))
                .setAt(clock.instant())
                .build();
        return backfills.ask(command).thenApply(done -> accepted);
    }

    private static Map<String, String> location(BackfillId id) {
        return Map.of("Location", Paths.backfill(id));
    }

    private Backfill known(String id) {
        return backfills
                .get(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemKind.UNKNOWN_BACKFILL,
                        "there is no backfill " + id + ", or it was forgotten some time after its end"));
    }

    private PipelineVersion version(String id) {
        return PipelineRoutes.id(id)
                .flatMap(catalogue::current)
                .orElseThrow(() -> PipelineRoutes.unknown(id, Optional.empty()));
    }
}
