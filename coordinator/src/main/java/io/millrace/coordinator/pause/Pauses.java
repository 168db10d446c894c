package io.millrace.coordinator.pause;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.intake.SettingsWriter;
import io.millrace.coordinator.topology.TriggerPauses;
import io.millrace.event.TriggerPause;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which triggers are paused, as the topic of pauses says: the last word on a pipeline, and on each of its triggers. A trigger is paused when
 * either is.
 *
 * <p><b>Threading.</b> Thread-safe. Asking never waits; pausing may wait for Kafka, so keep it off event loops.
 */
public final class Pauses implements TriggerPauses, AutoCloseable {
    private final Clock clock;
    private final AtomicLong changes = new AtomicLong();
    private final TopicTable<TriggerPause> table;
    private final SettingsWriter<TriggerPause> writer;

    private Pauses(KafkaAccess kafka, WireFormat wire, Clock clock) {
        Topic<TriggerPause> topic = kafka.topics().pauses();
        this.clock = clock;
        this.table = TopicTable.open(topic, wire, kafka, (key, pause) -> changes.incrementAndGet());
        this.writer = new SettingsWriter<>(topic, kafka, wire);
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    public static Pauses open(KafkaAccess kafka, WireFormat wire, Clock clock) {
        return new Pauses(kafka, wire, clock);
    }

    /**
     * Returns once all that was paused before the call is known.
     *
     * @throws IntakeUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) throws InterruptedException {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new IntakeUnavailableException("The pauses cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isPaused(PipelineId pipeline, String trigger) {
        return of(pipeline, Optional.of(trigger)).isPresent()
                || of(pipeline, Optional.empty()).isPresent();
    }

    @Override
    public long changes() {
        return changes.get();
    }

    /** The pause of one trigger, or, without one, of all triggers of a pipeline; empty when it is not paused. */
    public Optional<TriggerPause> of(PipelineId pipeline, Optional<String> trigger) {
        return table.get(key(pipeline, trigger)).filter(TriggerPause::getPaused);
    }

    /**
     * Pauses one trigger of a pipeline, or all of them, or lets them go on; completes when Kafka has acknowledged it.
     *
     * @param paused whether it is paused from now on
     */
    public CompletionStage<Void> set(
            PipelineId pipeline,
            Optional<String> trigger,
            boolean paused,
            Optional<String> reason,
            Optional<String> by) {
        TriggerPause pause = TriggerPause.newBuilder()
                .setPipeline(pipeline.value())
                .setTrigger(trigger.orElse(null))
                .setPaused(paused)
                .setReason(reason.orElse(null))
                .setBy(by.orElse(null))
                .setAt(clock.instant())
                .build();
        return writer.set(
                key(pipeline, trigger),
                pause,
                paused ? "io.millrace.trigger.paused" : "io.millrace.trigger.resumed",
                pause.getAt());
    }

    private static String key(PipelineId pipeline, Optional<String> trigger) {
        return pipeline.value() + trigger.map(id -> "/" + id).orElse("");
    }

    @Override
    public void close() {
        table.close();
        writer.close();
    }
}
