package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.RunCommand;
import io.millrace.event.UpstreamEnd;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.UpstreamSource;
import io.millrace.schemas.wire.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The triggers of one partition's pipelines that wait for ends of runs of several other pipelines. When the last has come, a run is started, in one
 * transaction with what is {@linkplain JoinRecords stored} of those that came before.
 *
 * <p>Of one pipeline the newest end counts. What has waited for longer than the trigger's {@code within} is dropped.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class JoinShard {
    private static final Logger log = LoggerFactory.getLogger(JoinShard.class);

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final JoinRecords records;

    JoinShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.records = new JoinRecords(context.getStateStore(RunTopology.JOINS), decisions.codec());
    }

    /** What follows from an end; has to be carried out. @param start null when others have still to come */
    record Decision(
            JoinRecords.Key key,
            JoinRecords.Join join,
            @Nullable RunCommand start) {}

    /**
     * An end has come.
     *
     * @return empty when no trigger waits for it any more, or it has been counted before
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     */
    Optional<Decision> decide(byte @Nullable [] key, UpstreamEnd end, Headers headers) {
        if (key == null || !end.getPipeline().equals(new String(key, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("the record's key is not its pipeline, '" + end.getPipeline() + "'");
        }
        PipelineId pipeline = new PipelineId(end.getPipeline());
        RunId run = new RunId(end.getRunId());
        Document.parse(end.getEvent()); // What is no object is refused before it is stored.
        Optional<PipelineVersion> version = decisions.pipelines().current(pipeline, PolledRecords.lastPollNanos());
        Optional<TriggerDefinition> trigger = version.flatMap(known -> trigger(known, end.getTriggerId()));
        if (trigger.isEmpty() || !(trigger.get().source() instanceof UpstreamSource source)) {
            return Optional.empty();
        }
        PipelineId upstream = new PipelineId(end.getUpstream());
        JoinRecords.Key together = new JoinRecords.Key(pipeline.value(), end.getTriggerId(), end.getKey());
        JoinRecords.Join before = records.get(together, now());
        if (!source.pipelines().contains(upstream) || before.joined().contains(run.value())) {
            return Optional.empty();
        }
        Map<String, UpstreamEnd> ends = new TreeMap<>(before.ends());
        ends.put(upstream.value(), end);
        ends.keySet().removeIf(known -> !source.pipelines().contains(new PipelineId(known)));
        Instant until = before.ends().isEmpty() ? now().plus(source.within()) : before.until();
        if (ends.size() < source.pipelines().size()) {
            return Optional.of(new Decision(together, new JoinRecords.Join(ends, before.joined(), until), null));
        }
        String trace = EventHeaders.child(EventHeaders.traceparent(headers).orElse(null));
        RunCommand start = start(
                version.get(),
                trigger.get(),
                end.getKey(),
                ends.values().stream().toList(),
                trace);
        List<String> joined = ends.values().stream().map(UpstreamEnd::getRunId).toList();
        return Optional.of(
                new Decision(together, new JoinRecords.Join(Map.of(), joined, now().plus(source.within())), start));
    }

    private RunCommand start(
            PipelineVersion version, TriggerDefinition trigger, String key, List<UpstreamEnd> ends, String trace) {
        Map<String, Object> runs = new TreeMap<>();
        ends.forEach(end ->
                runs.put(end.getUpstream(), Document.stored(end.getEvent()).asMap()));
        Map<String, Object> event = new TreeMap<>();
        event.put("key", key);
        event.put("runs", runs);
        List<RunId> upstream =
                ends.stream().map(end -> new RunId(end.getRunId())).toList();
        RunTrigger.Firing firing = new RunTrigger.Firing(
                trigger.id().value(),
                Collections.max(ends, Comparator.comparing(UpstreamEnd::getLogicalTime))
                        .getLogicalTime(),
                upstream,
                ends.stream().mapToInt(UpstreamEnd::getDepth).max().orElse(1));
        List<String> identity = new ArrayList<>();
        Stream.concat(Stream.of(key), upstream.stream().map(RunId::value).sorted())
                .forEach(identity::add);
        return Upstreams.start(decisions, version, trigger, firing, String.join("/", identity), event, trace, now());
    }

    private static Optional<TriggerDefinition> trigger(PipelineVersion version, String id) {
        return version.pipeline().triggers().stream()
                .filter(trigger -> trigger.id().value().equals(id))
                .findFirst();
    }

    /** Stores what has come, and starts the run when all have. */
    void carryOut(Decision decision) {
        records.put(decision.key(), decision.join());
        RunCommand start = decision.start();
        if (start != null) {
            String trace = start.getTrigger()
                    .flatMap(trigger -> trigger.getTraceparent())
                    .orElse(null);
            context.forward(decisions.writer().command(start, trace, now()), RunTopology.WRITE_ENGINE_COMMANDS);
        }
    }

    /** Forgets what has waited for long enough. */
    void expire() {
        List<JoinRecords.Key> expired = records.expired(now());
        for (JoinRecords.Key key : expired) {
            JoinRecords.Join join = records.remove(key);
            if (!join.ends().isEmpty()) {
                log.warn(
                        "The trigger {} of pipeline {} has waited long enough: of what belongs to '{}' only {} had ended",
                        key.trigger(),
                        key.pipeline(),
                        key.key(),
                        join.ends().keySet());
            }
        }
        if (!expired.isEmpty()) {
            context.commit();
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
