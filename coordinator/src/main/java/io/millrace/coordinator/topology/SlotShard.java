package io.millrace.coordinator.topology;

import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.Slot;
import io.millrace.engine.Slots;
import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.RunCommand;
import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.PipelineId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The slots of the pipelines that belong to one partition: which runs are under way and which wait, of the pipelines that let only so many be. What a
 * run is told is in one transaction with the record that it follows from and with what is {@linkplain SlotRecords stored}, so that no slot is given
 * twice and none is lost.
 *
 * <p>The limit is that of the pipeline's current version, so that one that is changed holds at once, also for runs that wait already.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class SlotShard {
    private static final int FIRST_VERSION = 1;

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final SlotRecords records;
    private int applied;

    SlotShard(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
        this.records = new SlotRecords(context.getStateStore(RunTopology.SLOTS), decisions.codec());
    }

    /** What becomes of the runs that share a key. */
    private record Decided(SlotKey slots, List<Slots.Change> changes) {}

    /** What follows from a record; has to be carried out. */
    record Decision(List<Decided> decided) {}

    /**
     * A run asks for a slot or gives one back, or the limit of its pipeline may have changed.
     *
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     * @throws RefusedException when the version that the run is pinned to is not known
     */
    Decision decide(byte @Nullable [] key, Admission admission, RecordMetadata position) throws RefusedException {
        if (key == null || !admission.getPipeline().equals(new String(key, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException(
                    "the record's key is not its pipeline, '" + admission.getPipeline() + "'");
        }
        PipelineId pipeline = new PipelineId(admission.getPipeline());
        return new Decision(
                switch (admission.getType()) {
                    case ASK -> List.of(ask(pipeline, admission, position));
                    case RELEASE -> List.of(release(pipeline, admission));
                    case LOOK ->
                        records.of(pipeline).stream()
                                .map(slots ->
                                        new Decided(slots, records.of(slots).fill(limit(pipeline, FIRST_VERSION))))
                                .toList();
                    case UNKNOWN ->
                        throw new IllegalArgumentException("the type of the admission is not known to this version");
                });
    }

    private Decided ask(PipelineId pipeline, Admission admission, RecordMetadata position) throws RefusedException {
        Concurrency concurrency = decisions
                .pipelines()
                .version(pipeline, admission.getVersion())
                .flatMap(version -> version.pipeline().concurrency())
                .orElseThrow(() -> new RefusedException(
                        DeadLetterReason.UNKNOWN_PIPELINE,
                        "version " + admission.getVersion() + " of pipeline " + pipeline + " gives no slots"));
        Slots.Request request = new Slots.Request(
                new RunId(admission.getRunId()),
                admission.getAsked(),
                position.offset(),
                admission.getVersion(),
                false);
        SlotKey slots = new SlotKey(pipeline, admission.getKey());
        int limit = limit(pipeline, admission.getVersion());
        return new Decided(slots, records.of(slots).ask(request, concurrency.conflict(), limit));
    }

    private Decided release(PipelineId pipeline, Admission admission) {
        RunId run = new RunId(admission.getRunId());
        SlotKey slots = new SlotKey(pipeline, admission.getKey());
        int limit = limit(pipeline, FIRST_VERSION);
        return new Decided(slots, records.of(slots).release(run, admission.getAsked(), limit));
    }

    /** How many runs may have a slot, by the version that was applied last as far as that has been read, and never by one before that of who asks. */
    private int limit(PipelineId pipeline, int least) {
        return decisions
                .pipelines()
                .known(pipeline)
                .filter(current -> current.version() >= least)
                .or(() -> decisions.pipelines().version(pipeline, least))
                .map(SlotShard::limit)
                .orElse(Integer.MAX_VALUE);
    }

    private static int limit(PipelineVersion version) {
        return version.pipeline().concurrency().map(Concurrency::limit).orElse(Integer.MAX_VALUE);
    }

    /** Stores what changes and tells the runs, in one transaction with its cause. */
    void carryOut(Decision decision, RecordMetadata position) {
        for (Decided each : decision.decided()) {
            each.changes().forEach(change -> carryOut(each.slots(), change, position));
            records.forgetIfEmpty(each.slots());
        }
    }

    private void carryOut(SlotKey slots, Slots.Change change, RecordMetadata position) {
        records.write(slots, change);
        Slots.Request request = change.request();
        if (change instanceof Slots.Change.Admitted admitted) {
            Slot.Grant grant = new Slot.Grant(admitted.limit(), position.partition(), position.offset());
            send(EngineCommands.admit(
                    slots.pipeline(), request.run(), new Slot(slots.key(), request.asked(), grant), now()));
        } else if (change instanceof Slots.Change.Cancelled cancelled) {
            send(EngineCommands.cancel(request.run(), cancelled.reason(), now()));
        }
    }

    private void send(RunCommand command) {
        context.forward(decisions.writer().command(command, null, now()), RunTopology.WRITE_ENGINE_COMMANDS);
    }

    /** Has those that wait looked at where another version was applied: in its turn among what runs ask, as if one of them had. */
    void lookAtApplied() {
        List<String> pipelines = decisions.pipelines().appliedAfter(applied);
        applied += pipelines.size();
        for (String pipeline : new HashSet<>(pipelines)) {
            if (records.isAwaited(pipeline)) {
                Admission look = Admission.newBuilder()
                        .setType(AdmissionType.LOOK)
                        .setPipeline(pipeline)
                        .setAt(now())
                        .build();
                context.forward(decisions.writer().admission(look, null, now()), RunTopology.WRITE_ADMISSIONS);
                context.commit();
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
