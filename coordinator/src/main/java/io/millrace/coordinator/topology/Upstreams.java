package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.Change;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.UpstreamEnd;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.TriggerScope;
import io.millrace.pipeline.UpstreamSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What ends of runs lead to: runs of the pipelines whose triggers wait for them. All of it is in one transaction with the end, and the id of a run
 * follows from that of the run upstream, so that each starts one, also when it is opened again and ends anew (G4).
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class Upstreams {
    private final Decisions decisions;
    private final Map<PipelineId, List<PipelineId>> upstreamsOf = new HashMap<>();
    private final Map<PipelineId, List<Listener>> listeners = new HashMap<>();
    private final AppliedPipelines applied;

    /** A trigger of the current version of a pipeline. */
    private record Listener(PipelineVersion version, TriggerDefinition trigger, UpstreamSource source) {}

    /**
     * What an end leads to.
     *
     * @param starts commands to start runs
     * @param ends what other triggers wait for together with other ends
     */
    record Consequences(List<RunCommand> starts, List<UpstreamEnd> ends) {}

    Upstreams(Decisions decisions) {
        this.decisions = decisions;
        this.applied = new AppliedPipelines(decisions.pipelines());
    }

    /** What the end of a run leads to. @param last the event that tells of it */
    Consequences of(RunId run, Change.RetireRun end, RunEvent last, Instant now) {
        lookAtApplied();
        List<RunCommand> starts = new ArrayList<>();
        List<UpstreamEnd> ends = new ArrayList<>();
        for (Listener listener : listeners.getOrDefault(end.head().pipeline(), List.of())) {
            if (waitsFor(listener.source().on(), end.status()) && !isPaused(listener)) {
                Map<String, Object> event = event(run, end, last);
                follow(listener, run, end.head(), event, now, starts, ends);
            }
        }
        return new Consequences(starts, ends);
    }

    private void follow(
            Listener listener,
            RunId run,
            RunHead head,
            Map<String, Object> event,
            Instant now,
            List<RunCommand> starts,
            List<UpstreamEnd> ends) {
        RunTrigger.Firing firing = new RunTrigger.Firing(
                listener.trigger().id().value(),
                head.logicalTime(),
                List.of(run),
                head.trigger().depth() + 1);
        TriggerScope scope = TriggerScope.ofEnd(event);
        try {
            if (!listener.trigger().accepts(scope)) {
                return;
            }
            if (!listener.source().joins()) {
                starts.add(start(listener.version(), listener.trigger(), firing, run.value(), event, head, now));
                return;
            }
            ends.add(UpstreamEnd.newBuilder()
                    .setPipeline(listener.version().id().value())
                    .setTriggerId(firing.trigger())
                    .setKey(
                            listener.source().key().isEmpty()
                                    ? ""
                                    : listener.source().key().get().of(scope))
                    .setUpstream(head.pipeline().value())
                    .setRunId(run.value())
                    .setEvent(Document.ofValue(event).json())
                    .setLogicalTime(firing.logicalTime())
                    .setDepth(firing.depth())
                    .setEndedAt(now)
                    .build());
        } catch (EvaluationException e) {
            starts.add(refused(
                    listener.version(), firing, run.value(), head.trigger().traceparent(), e, now));
        }
    }

    private RunCommand start(
            PipelineVersion version,
            TriggerDefinition trigger,
            RunTrigger.Firing firing,
            String identity,
            Map<String, Object> event,
            RunHead head,
            Instant now) {
        return start(
                decisions,
                version,
                trigger,
                firing,
                identity,
                event,
                head.trigger().traceparent(),
                now);
    }

    /**
     * A command to start the run that ends of others lead to; one that cannot be started is a command that says why, and becomes a dead letter (G1).
     *
     * @param identity what tells these ends from others
     */
    static RunCommand start(
            Decisions decisions,
            PipelineVersion version,
            TriggerDefinition trigger,
            RunTrigger.Firing firing,
            String identity,
            Map<String, Object> event,
            @Nullable String trace,
            Instant now) {
        Optional<String> excess = decisions.limits().excessDepth(firing.depth());
        RunCommand.Builder command = command(version, firing, identity, trace, now);
        if (excess.isPresent()) {
            return command.setReason(excess.get()).build();
        }
        try {
            return command.setInputs(trigger.inputsOf(TriggerScope.ofEnd(event)).json())
                    .build();
        } catch (EvaluationException e) {
            return command.setReason(sentence(firing, e)).build();
        }
    }

    private static RunCommand refused(
            PipelineVersion version,
            RunTrigger.Firing firing,
            String identity,
            @Nullable String trace,
            EvaluationException why,
            Instant now) {
        return command(version, firing, identity, trace, now)
                .setReason(sentence(firing, why))
                .build();
    }

    private static String sentence(RunTrigger.Firing firing, EvaluationException why) {
        return "the trigger " + firing.trigger() + " can make nothing of the end of " + firing.upstream() + ": "
                + why.getMessage();
    }

    private static RunCommand.Builder command(
            PipelineVersion version, RunTrigger.Firing firing, String identity, @Nullable String trace, Instant now) {
        String source = version.id().value() + "/" + firing.trigger();
        RunTrigger trigger = new RunTrigger(RunTrigger.Kind.UPSTREAM, source, null, null, null, firing, trace);
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(
                        RunId.ofFiring(version.id(), firing.trigger(), identity).value())
                .setPipeline(version.id().value())
                .setVersion(version.version())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(now);
    }

    /** What triggers are told of the end of a run. */
    private static Map<String, Object> event(RunId run, Change.RetireRun end, RunEvent last) {
        RunHead head = end.head();
        Document output = last.output();
        Map<String, Object> event = new TreeMap<>();
        event.put("pipeline", head.pipeline().value());
        event.put("run_id", run.value());
        event.put("version", (long) head.version());
        event.put("status", end.status().name().toLowerCase(Locale.ROOT));
        event.put("reason", last.reason() == null ? "" : last.reason());
        event.put("inputs", head.inputs().asMap());
        event.put("outputs", output == null ? Map.of() : output.asMap());
        event.put("logical_time", head.logicalTime().toString());
        event.put("started_at", head.startedAt().toString());
        event.put("ended_at", last.at().toString());
        return event;
    }

    private static boolean waitsFor(UpstreamSource.EndOfRun on, RunStatus status) {
        return on == UpstreamSource.EndOfRun.ENDED || on.name().equals(status.name());
    }

    private boolean isPaused(Listener listener) {
        return decisions
                .pauses()
                .isPaused(listener.version().id(), listener.trigger().id().value());
    }

    private void lookAtApplied() {
        applied.since(any -> true).forEach(this::lookAt);
    }

    private void lookAt(PipelineVersion version) {
        for (PipelineId upstream : upstreamsOf.getOrDefault(version.id(), List.of())) {
            listeners
                    .getOrDefault(upstream, new ArrayList<>())
                    .removeIf(listener -> listener.version().id().equals(version.id()));
        }
        List<PipelineId> upstreams = new ArrayList<>();
        for (TriggerDefinition trigger : version.pipeline().triggers()) {
            if (trigger.source() instanceof UpstreamSource source) {
                for (PipelineId upstream : source.pipelines()) {
                    listeners
                            .computeIfAbsent(upstream, any -> new ArrayList<>())
                            .add(new Listener(version, trigger, source));
                    upstreams.add(upstream);
                }
            }
        }
        upstreamsOf.put(version.id(), upstreams);
    }
}
