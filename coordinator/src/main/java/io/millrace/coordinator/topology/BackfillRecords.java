package io.millrace.coordinator.topology;

import io.millrace.engine.Backfill;
import io.millrace.engine.BackfillId;
import io.millrace.engine.RunId;
import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillState;
import io.millrace.pipeline.PipelineId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * How far backfills are, stored as a record each, which is also what is shown of them.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class BackfillRecords {
    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final Map<String, io.millrace.event.Backfill> live = new HashMap<>();

    /** The records of a store that has been restored. */
    BackfillRecords(KeyValueStore<String, byte[]> store, StateCodec codec) {
        this.store = store;
        this.codec = codec;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                live.put(record.key, codec.decodeBackfill(record.value));
            }
        }
    }

    Optional<io.millrace.event.Backfill> get(String id) {
        return Optional.ofNullable(live.get(id));
    }

    void put(io.millrace.event.Backfill backfill) {
        live.put(backfill.getBackfillId(), backfill);
        store.put(backfill.getBackfillId(), codec.encode(backfill));
    }

    /** Those that have been over for longer than this. */
    List<String> overBefore(Instant now, Duration retention) {
        return live.values().stream()
                .filter(backfill ->
                        Backfill.Phase.valueOf(backfill.getState().name()).isOver())
                .filter(backfill -> backfill.getStateAt().plus(retention).isBefore(now))
                .map(io.millrace.event.Backfill::getBackfillId)
                .toList();
    }

    void remove(String id) {
        live.remove(id);
        store.delete(id);
    }

    /**
     * What is asked for, as it begins.
     *
     * @throws IllegalArgumentException when it is nothing that a coordinator writes
     */
    static io.millrace.event.Backfill begun(BackfillCommand start) {
        Backfill.Order order = new Backfill.Order(
                new BackfillId(start.getBackfillId()),
                new PipelineId(start.getPipeline()),
                start.getVersion(),
                start.getTriggerId(),
                start.getFrom(),
                start.getTo(),
                start.getLimit(),
                start.getAgain());
        return io.millrace.event.Backfill.newBuilder()
                .setBackfillId(order.id().value())
                .setPipeline(order.pipeline().value())
                .setVersion(order.version())
                .setTriggerId(order.trigger())
                .setFrom(order.from())
                .setTo(order.to())
                .setLimit(order.limit())
                .setAgain(order.again())
                .setTicks(start.getTicks())
                .setReason(start.getReason().orElse(null))
                .setBy(start.getBy().orElse(null))
                .setStartedAt(start.getAt())
                .setState(BackfillState.RUNNING)
                .setStateAt(start.getAt())
                .setReached(Backfill.of(order).reached())
                .build();
    }

    /** As the engine's value. */
    static Backfill toEngine(io.millrace.event.Backfill stored) {
        Backfill.Order order = new Backfill.Order(
                new BackfillId(stored.getBackfillId()),
                new PipelineId(stored.getPipeline()),
                stored.getVersion(),
                stored.getTriggerId(),
                stored.getFrom(),
                stored.getTo(),
                stored.getLimit(),
                stored.getAgain());
        Backfill.Tally tally = new Backfill.Tally(
                stored.getAsked(),
                stored.getSucceeded(),
                stored.getFailed(),
                stored.getCancelled(),
                stored.getSkipped(),
                stored.getRefused());
        Set<RunId> open =
                stored.getOpen().stream().map(RunId::new).collect(Collectors.toCollection(LinkedHashSet::new));
        return new Backfill(order, Backfill.Phase.valueOf(stored.getState().name()), stored.getReached(), tally, open);
    }

    /** What is stored, with what a step changes. */
    static io.millrace.event.Backfill.Builder with(io.millrace.event.Backfill stored, Backfill.Step step, Instant now) {
        Backfill after = step.after();
        BackfillState state = BackfillState.valueOf(after.phase().name());
        return io.millrace.event.Backfill.newBuilder(stored)
                .setState(state)
                .setStateAt(state == stored.getState() ? stored.getStateAt() : now)
                .setReached(after.reached())
                .setNextAt(step.next())
                .setOpen(after.open().stream().map(RunId::value).toList())
                .setAsked(after.tally().asked())
                .setSucceeded(after.tally().succeeded())
                .setFailed(after.tally().failed())
                .setCancelled(after.tally().cancelled())
                .setSkipped(after.tally().skipped())
                .setRefused(after.tally().refused());
    }
}
