package io.millrace.coordinator.topology;

import io.millrace.event.DeadLetterReason;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
    private static final Duration WAITING_INTERVAL = Duration.ofMillis(100);
    /** How long commands that waited may keep the partition from reading records. */
    private static final Duration WAITING_BUDGET = Duration.ofMillis(200);

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
        newContext.schedule(
                WAITING_INTERVAL, PunctuationType.WALL_CLOCK_TIME, time -> retryWaiting(newContext, restored));
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
        boolean mayWait = isCommand(position) && WaitingCommands.hasRoomFor(record);
        if (mayWait && runs.waiting().isAhead(record.key()) || !handle(here, runs, record, position, Duration.ZERO)) {
            runs.waiting().keep(record, position, now(here));
        }
        PolledRecords.processed(here);
    }

    /** Looks again at what had to wait, and at what waited behind it. */
    private void retryWaiting(ProcessorContext<byte[], Outbound> here, RunShard runs) {
        Instant deadline = now(here).plus(WAITING_BUDGET);
        boolean any = true;
        while (any && now(here).isBefore(deadline)) {
            any = false;
            for (WaitingCommands.Waiting command : runs.waiting().first()) {
                Duration waited = Duration.between(command.since(), now(here));
                if (handle(here, runs, command.record(), command.position(), waited)) {
                    runs.waiting().remove(command);
                    here.commit();
                    any = true;
                }
            }
        }
    }

    /** Decides and carries out, or puts aside. @return false when it has to wait */
    private boolean handle(
            ProcessorContext<byte[], Outbound> here,
            RunShard runs,
            Record<byte[], byte[]> record,
            RecordMetadata position,
            Duration waited) {
        DeadLetters deadLetters = new DeadLetters(here, decisions, RunTopology.WRITE_DEAD_LETTERS);
        try {
            Optional<RunShard.Decided> decided = decide(runs, record, position, waited);
            if (decided.isEmpty() && WaitingCommands.hasRoomFor(record)) {
                return false;
            }
            if (decided.isEmpty()) {
                throw new RefusedException(
                        DeadLetterReason.LIMIT, "the record is too large to be kept until the history can be read");
            }
            runs.carryOut(decided.get(), Causes.record(position));
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
        }
        return true;
    }

    /** Nothing is changed before the decision is complete, so whatever fails here leaves the run as it was. */
    private Optional<RunShard.Decided> decide(
            RunShard runs,
            Record<byte @Nullable [], byte @Nullable []> record,
            RecordMetadata position,
            Duration waited)
            throws UndecodableException, RefusedException {
        try {
            return isCommand(position)
                    ? runs.decide(record.key(), decisions.commands().decode(record.value()), waited)
                    : Optional.of(runs.decide(record.key(), decisions.reports().decode(record.value())));
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

    private boolean isCommand(RecordMetadata position) {
        return position.topic().equals(decisions.topics().runCommands().name());
    }

    private static Instant now(ProcessorContext<byte[], Outbound> here) {
        return Instant.ofEpochMilli(here.currentSystemTimeMs());
    }
}
