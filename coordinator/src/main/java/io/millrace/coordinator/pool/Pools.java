package io.millrace.coordinator.pool;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.intake.SettingsWriter;
import io.millrace.coordinator.topology.PoolLimits;
import io.millrace.event.PoolSetting;
import io.millrace.pipeline.PoolId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pools as the topic of pools says: the last word on each. One of which nothing is said has {@value PoolLimits#UNLESS_SET} slot.
 *
 * <p><b>Threading.</b> Thread-safe. Asking never waits; setting may wait for Kafka, so keep it off event loops.
 */
public final class Pools implements PoolLimits, AutoCloseable {
    /** The most slots that a pool can have. */
    public static final int MOST_SLOTS = 10_000;

    private final Clock clock;
    private final AtomicLong changes = new AtomicLong();
    private final TopicTable<PoolSetting> table;
    private final SettingsWriter<PoolSetting> writer;

    private Pools(KafkaAccess kafka, WireFormat wire, Clock clock) {
        Topic<PoolSetting> topic = kafka.topics().pools();
        this.clock = clock;
        this.table = TopicTable.open(topic, wire, kafka, (key, setting) -> changes.incrementAndGet());
        this.writer = new SettingsWriter<>(topic, kafka, wire);
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    public static Pools open(KafkaAccess kafka, WireFormat wire, Clock clock) {
        return new Pools(kafka, wire, clock);
    }

    /**
     * Returns once all that was set before the call is known.
     *
     * @throws IntakeUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) throws InterruptedException {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new IntakeUnavailableException("The pools cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public int of(PoolId pool) {
        return setting(pool).map(PoolSetting::getSlots).orElse(UNLESS_SET);
    }

    @Override
    public long changes() {
        return changes.get();
    }

    /** What is said of a pool; empty when that is nothing. */
    public Optional<PoolSetting> setting(PoolId pool) {
        return table.get(pool.value());
    }

    /** All of which something is said, in no order. */
    public Collection<PoolSetting> settings() {
        return table.values();
    }

    /**
     * Says how many slots a pool has; completes when Kafka has acknowledged it.
     *
     * @param slots from 0, with which no further run begins, to {@link #MOST_SLOTS}
     */
    public CompletionStage<Void> set(PoolId pool, int slots, Optional<String> reason, Optional<String> by) {
        PoolSetting setting = PoolSetting.newBuilder()
                .setPool(pool.value())
                .setSlots(slots)
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null))
                .setAt(clock.instant())
                .build();
        return writer.set(pool.value(), setting, "io.millrace.pool.set", setting.getAt());
    }

    /** Says nothing of a pool any more; completes when Kafka has acknowledged it. */
    public CompletionStage<Void> unset(PoolId pool) {
        return writer.unset(pool.value(), "io.millrace.pool.unset", clock.instant());
    }

    @Override
    public void close() {
        table.close();
        writer.close();
    }
}
