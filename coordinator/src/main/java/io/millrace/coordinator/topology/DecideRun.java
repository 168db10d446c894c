package io.millrace.coordinator.topology;

import io.millrace.event.DeadLetterReason;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run engine's shell: decodes a record, has it decided about, carries the decision out. A record that cannot be
 * decided about is put aside, and the partition goes on (G8).
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class DecideRun implements Processor<byte[], byte[], byte[], Outbound> {
    private static final Logger log = LoggerFactory.getLogger(DecideRun.class);
    private static final Duration TIMER_INTERVAL = Duration.ofMillis(50);
    private static final Duration LEASE_INTERVAL = Duration.ofMillis(500);

    private final Decisions decisions;
    private @Nullable ProcessorContext<byte[], Outbound> context;
    private @Nullable RunShard shard;

    DecideRun(Decisions decisions) {
        this.decisions = decisions;
    }

    @Override
    public void init(ProcessorContext<byte[], Outbound> newContext) {
        PolledRecords.reset();
        context = newContext;
        RunShard restored = new RunShard(newContext, decisions);
        shard = restored;
        newContext.schedule(TIMER_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> restored.fireTimers());
        newContext.schedule(LEASE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> restored.endLeases());
    }

    @Override
    public void close() {
        if (shard != null) {
            decisions.counts().released(shard);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], Outbound> here = context;
        RunShard runs = shard;
        if (here == null || runs == null) {
            throw new IllegalStateException("Kafka Streams initialises a processor before it is used");
        }
        RecordMetadata position = here.recordMetadata().orElseThrow();
        DeadLetters deadLetters = new DeadLetters(here, decisions, RunTopology.WRITE_DEAD_LETTERS);
        try {
            runs.carryOut(decide(runs, record, position), Causes.record(position));
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
        }
        PolledRecords.processed(here);
    }

    /** Nothing is changed before the decision is complete, so whatever fails here leaves the run as it was. */
    private RunShard.Decided decide(
            RunShard runs, Record<byte @Nullable [], byte @Nullable []> record, RecordMetadata position)
            throws UndecodableException, RefusedException {
        try {
            return position.topic().equals(decisions.topics().taskEvents().name())
                    ? runs.decide(record.key(), decisions.reports().decode(record.value()))
                    : runs.decide(record.key(), decisions.commands().decode(record.value()));
        } catch (KafkaException | RegistryUnavailableException e) {
            throw e;
        } catch (InvalidDocumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_INPUTS, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new RefusedException(DeadLetterReason.INVALID_TRIGGER, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("A record of {} could not be decided about", position.topic(), e);
            throw new RefusedException(DeadLetterReason.INTERNAL, e.toString());
        }
    }
}
