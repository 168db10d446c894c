package io.millrace.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.fleet.WorkerView;
import io.millrace.coordinator.listen.TriggerProgress;
import io.millrace.coordinator.pause.Pauses;
import io.millrace.event.TriggerPause;
import io.millrace.pipeline.FilesSource;
import io.millrace.pipeline.KafkaSource;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.ScheduleSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.UpstreamSource;
import io.millrace.pipeline.WebhookSource;
import io.millrace.schedule.DueTicks;
import io.millrace.schedule.Schedule;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The triggers that pipelines declare: what they are, when they fire next, and pausing them. */
final class TriggerRoutes {
    private final PipelineCatalogue catalogue;
    private final Pauses pauses;
    private final TriggerProgress progress;
    private final WorkerDirectory workers;
    private final Tokens tokens;
    private final ApiServer.Lanes lanes;
    private final Clock clock = Clock.systemUTC();

    TriggerRoutes(
            PipelineCatalogue catalogue,
            Pauses pauses,
            TriggerProgress progress,
            WorkerDirectory workers,
            Tokens tokens,
            ApiServer.Lanes lanes) {
        this.catalogue = catalogue;
        this.pauses = pauses;
        this.progress = progress;
        this.workers = workers;
        this.tokens = tokens;
        this.lanes = lanes;
    }

    void addTo(RouteTable routes) {
        // A pipeline that is not known yet is asked of Kafka, so this may wait.
        routes.get(Paths.TRIGGERS, Dispatcher.to(lanes.writing(), tokens.before(this::list)));
        routes.post(Paths.PIPELINE_PAUSE, Dispatcher.to(lanes.writing(), call -> set(call, true)));
        routes.post(Paths.PIPELINE_RESUME, Dispatcher.to(lanes.writing(), call -> set(call, false)));
    }

    private CompletionStage<Answer> list(Call call) {
        call.allowQuery("pipeline");
        Optional<String> only = call.parameter("pipeline");
        List<PipelineVersion> versions = only.isPresent()
                ? List.of(PipelineRoutes.id(only.get())
                        .flatMap(catalogue::current)
                        .orElseThrow(() -> PipelineRoutes.unknown(only.get(), Optional.empty())))
                : catalogue.known();
        Instant now = clock.instant();
        ObjectNode body = JsonText.object();
        ArrayNode shown = body.putArray("triggers");
        for (PipelineVersion version : versions) {
            version.pipeline().triggers().forEach(trigger -> shown.add(trigger(version, trigger, now)));
        }
        return CompletableFuture.completedFuture(Answer.json(200, body));
    }

    private ObjectNode trigger(PipelineVersion version, TriggerDefinition trigger, Instant now) {
        ObjectNode shown = JsonText.object()
                .put("pipeline", version.id().value())
                .put("version", version.version())
                .put("trigger", trigger.id().value())
                .put("kind", trigger.source().kind());
        Optional<TriggerPause> pause = pauses.of(
                        version.id(), Optional.of(trigger.id().value()))
                .or(() -> pauses.of(version.id(), Optional.empty()));
        if (trigger.source() instanceof ScheduleSource source) {
            String id = version.id().value() + "/" + trigger.id();
            Optional<Schedule> schedule = version.schedule(trigger);
            shown.put("schedule", source.inWords());
            JsonText.put(
                    shown,
                    "next_at",
                    pause.isPresent()
                            ? Optional.empty()
                            : schedule.flatMap(
                                    known -> known.next(now).map(tick -> DueTicks.firesAt(known, id, tick))));
        }
        if (trigger.source() instanceof WebhookSource webhook) {
            shown.put("from", webhook.from().word()).put("path", Paths.hook(version.id(), trigger.id()));
        }
        if (trigger.source() instanceof KafkaSource kafka) {
            read(
                    shown.put("topic", kafka.topic()),
                    progress.of(version.id(), trigger.id().value(), kafka.topic()));
        }
        if (trigger.source() instanceof UpstreamSource upstream) {
            ArrayNode of = shown.putArray("upstream");
            upstream.pipelines().forEach(pipeline -> of.add(pipeline.value()));
            shown.put("on", "run." + JsonText.lower(upstream.on()));
        }
        if (trigger.source() instanceof FilesSource files) {
            shown.put("directory", files.directory())
                    .put("pattern", files.pattern())
                    .put("queue", files.queue());
            watched(shown.putArray("watched_by"), version.id(), trigger.id().value());
        }
        shown.set("paused", pause.<JsonNode>map(TriggerRoutes::pause).orElse(NullNode.getInstance()));
        return shown;
    }

    private static void read(ObjectNode shown, TriggerProgress.Reading reading) {
        ArrayNode positions = shown.putArray("positions");
        reading.positions()
                .forEach((partition, offset) ->
                        positions.addObject().put("partition", partition).put("offset", offset));
        if (reading.lag().isPresent()) {
            shown.put("lag", reading.lag().getAsLong());
        } else {
            shown.putNull("lag");
        }
    }

    /** The workers that look at the directory, as their last heartbeats tell it. */
    private void watched(ArrayNode shown, PipelineId pipeline, String trigger) {
        for (WorkerView worker : workers.workers()) {
            if (worker.health() == WorkerView.Health.ALIVE) {
                worker.heartbeat().getWatches().stream()
                        .filter(watch -> watch.getPipeline().equals(pipeline.value())
                                && watch.getTrigger().equals(trigger))
                        .forEach(watch -> shown.addObject()
                                .put("worker", worker.heartbeat().getWorker())
                                .put("files", watch.getFiles())
                                .put("trouble", watch.getTrouble().orElse(null)));
            }
        }
    }

    private static ObjectNode pause(TriggerPause pause) {
        return JsonText.object()
                .put("whole_pipeline", pause.getTrigger().isEmpty())
                .put("reason", pause.getReason().orElse(null))
                .put("by", pause.getBy().orElse(null))
                .put("at", JsonText.moment(pause.getAt()));
    }

    private CompletionStage<Answer> set(Call call, boolean paused) {
        call.allowQuery();
        ObjectNode body = call.json("trigger", "reason", "by");
        Optional<String> reason = CommandBody.reason(body, "reason");
        Optional<String> by = CommandBody.by(body);
        Optional<String> trigger = CommandBody.word(body, "trigger");
        String id = call.pathParameter("id");
        PipelineVersion version = PipelineRoutes.id(id)
                .flatMap(catalogue::current)
                .orElseThrow(() -> PipelineRoutes.unknown(id, Optional.empty()));
        if (trigger.isPresent() && !has(version, trigger.get())) {
            throw new ProblemException(
                    ProblemKind.UNKNOWN_TRIGGER,
                    "version " + version.version() + " of the pipeline " + id + " has no trigger \"" + trigger.get()
                            + "\"");
        }
        return pauses.set(version.id(), trigger, paused, reason, by)
                .thenApply(done -> Answer.json(200, answer(version.id(), trigger, paused)));
    }

    private static ObjectNode answer(PipelineId pipeline, Optional<String> trigger, boolean paused) {
        return JsonText.object()
                .put("pipeline", pipeline.value())
                .put("trigger", trigger.orElse(null))
                .put("paused", paused);
    }

    private static boolean has(PipelineVersion version, String trigger) {
        return version.pipeline().triggers().stream()
                .anyMatch(known -> known.id().value().equals(trigger));
    }
}
