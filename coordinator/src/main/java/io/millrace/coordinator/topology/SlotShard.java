package io.millrace.coordinator.topology;

import io.millrace.audit.log.Priorities;
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
import io.millrace.pipeline.PoolId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The slots of the pipelines and pools that belong to one partition: which runs are under way and which wait, of those of which only so many may be. What a
 * run is told is in one transaction with the record that it follows from and with what is {@linkplain SlotRecords stored}, so that no slot is given
 * twice and none is lost.
 *
 * <p>Limits are those of the pipelines' current versions and of the pools as they are set now, so that one that is changed holds at once, also for runs that
 * wait already.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class SlotShard {
    private static final int FIRST_VERSION = 1;

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;
    private final SlotRecords records;
    private int applied;
    private long poolChanges;

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
     * A run asks for a slot or gives one back, or a limit may have changed.
     *
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     * @throws RefusedException when the version that the run is pinned to is not known
     */
    Decision decide(byte @Nullable [] key, Admission admission, RecordMetadata position) throws RefusedException {
        SlotKey slots = SlotKey.of(admission);
        if (key == null || !slots.owner().equals(new String(key, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("the record's key is not '" + slots.owner() + "'");
        }
        return new Decision(
                switch (admission.getType()) {
                    case ASK -> List.of(ask(slots, admission, position));
                    case RELEASE -> List.of(release(slots, admission));
                    case LOOK ->
                        records.of(slots.owner()).stream()
                                .map(each ->
                                        new Decided(each, records.of(each).fill(new Limits(each, Optional.empty()))))
                                .toList();
                    case UNKNOWN ->
                        throw new IllegalArgumentException("the type of the admission is not known to this version");
                });
    }

    private Decided ask(SlotKey slots, Admission admission, RecordMetadata position) throws RefusedException {
        PipelineId pipeline = new PipelineId(admission.getPipeline());
        PipelineVersion version = decisions
                .pipelines()
                .version(pipeline, admission.getVersion())
                .orElseThrow(() -> noSlots(pipeline, admission));
        Concurrency concurrency = version.pipeline().concurrency().orElseThrow(() -> noSlots(pipeline, admission));
        Slots.Line line = new Slots.Line(
                new Slots.Group(pipeline, admission.getKey()), Priorities.fromAvro(admission.getPriority()));
        Slots.Request request = new Slots.Request(
                new RunId(admission.getRunId()), admission.getAsked(), position.offset(), admission.getVersion(), line);
        return new Decided(
                slots, records.of(slots).ask(request, concurrency.conflict(), new Limits(slots, Optional.of(version))));
    }

    private static RefusedException noSlots(PipelineId pipeline, Admission admission) {
        return new RefusedException(
                DeadLetterReason.UNKNOWN_PIPELINE,
                "version " + admission.getVersion() + " of pipeline " + pipeline + " gives no slots");
    }

    private Decided release(SlotKey slots, Admission admission) {
        RunId run = new RunId(admission.getRunId());
        return new Decided(
                slots, records.of(slots).release(run, admission.getAsked(), new Limits(slots, Optional.empty())));
    }

    /**
     * How many runs may have a slot now: by the version of their pipeline that was applied last as far as that has been read, and never by one before that
     * of who asks.
     *
     * @param asking the version of the run that asks, if one does
     */
    private final class Limits implements Slots.Room {
        private final SlotKey slots;
        private final Optional<PipelineVersion> asking;

        Limits(SlotKey slots, Optional<PipelineVersion> asking) {
            this.slots = slots;
            this.asking = asking;
        }

        @Override
        public int inAll() {
            return slots.pool().map(decisions.pools()::of).orElse(Concurrency.ANY_NUMBER);
        }

        @Override
        public int of(PipelineId pipeline) {
            Optional<PipelineVersion> own =
                    asking.filter(version -> version.id().equals(pipeline));
            int least = own.map(PipelineVersion::version).orElse(FIRST_VERSION);
            return decisions
                    .pipelines()
                    .known(pipeline)
                    .filter(current -> current.version() >= least)
                    .or(() -> own)
                    .or(() -> decisions.pipelines().version(pipeline, least))
                    .flatMap(version -> version.pipeline().concurrency())
                    .map(Concurrency::limit)
                    .orElse(Concurrency.ANY_NUMBER);
        }
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
            send(EngineCommands.admit(
                    request.line().group().pipeline(), request.run(), granted(slots, admitted, position), now()));
        } else if (change instanceof Slots.Change.Cancelled cancelled) {
            send(EngineCommands.cancel(request.run(), cancelled.reason(), now()));
        }
    }

    private static Slot granted(SlotKey slots, Slots.Change.Admitted admitted, RecordMetadata position) {
        Slots.Request request = admitted.request();
        Slots.Group group = request.line().group();
        Slot.Grant grant = new Slot.Grant(
                admitted.room().of(group.pipeline()), admitted.room().inAll(), position.partition(), position.offset());
        return new Slot(slots.pool().orElse(null), group.key(), request.line().priority(), request.asked(), grant);
    }

    private void send(RunCommand command) {
        context.forward(decisions.writer().command(command, null, now()), RunTopology.WRITE_ENGINE_COMMANDS);
    }

    /** Has those that wait looked at where a limit may be another: in its turn among what runs ask, as if one of them had. */
    void lookAtLimits() {
        List<String> pipelines = decisions.pipelines().appliedAfter(applied);
        applied += pipelines.size();
        Set<String> owners = new HashSet<>();
        pipelines.forEach(pipeline -> owners.addAll(records.awaitedBy(new PipelineId(pipeline))));
        long changes = decisions.pools().changes();
        if (changes != poolChanges) {
            poolChanges = changes;
            records.awaitedPools().forEach(pool -> owners.add(SlotKey.of(pool).owner()));
        }
        owners.forEach(this::lookAt);
    }

    private void lookAt(String owner) {
        Optional<PoolId> pool = new SlotKey(owner, "").pool();
        Admission look = Admission.newBuilder()
                .setType(AdmissionType.LOOK)
                .setPipeline(pool.isPresent() ? "" : owner)
                .setPool(pool.map(PoolId::value).orElse(null))
                .setAt(now())
                .build();
        context.forward(decisions.writer().admission(look, null, now()), RunTopology.WRITE_ADMISSIONS);
        context.commit();
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
