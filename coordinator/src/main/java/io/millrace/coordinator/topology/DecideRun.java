package io.millrace.coordinator.topology;

import io.millrace.engine.Decision;
import io.millrace.engine.RunEventType;
import io.millrace.event.DeadLetterReason;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.Cancellable;
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

    /** How late a tick may fire for want of a look. */
    private static final Duration TICK_INTERVAL = Duration.ofMillis(50);

    /** How late an alert may be raised, or told, for want of a look. */
    private static final Duration ALERT_INTERVAL = Duration.ofMillis(200);

    /** How late what is too old is forgotten; it counts no more before that. */
    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(10);

    /** How late runs that wait may learn that more of them may be under way. */
    private static final Duration LIMITS_INTERVAL = Duration.ofMillis(200);

    private static final Duration LEASE_INTERVAL = Duration.ofMillis(500);

    private final Decisions decisions;
    private final List<Cancellable> repeated = new ArrayList<>();
    private @Nullable ProcessorContext<byte[], Outbound> context;
    private @Nullable RunShard shard;
    private Map<String, Part> parts = Map.of();
    private @Nullable TickShard ticks;

    /** What decides about the records of a topic that are about no run. */
    @FunctionalInterface
    private interface Part {
        /** What has to be carried out then; empty when nothing follows. It changes nothing itself. */
        Optional<Runnable> decide(Record<byte[], byte[]> record, RecordMetadata position)
                throws UndecodableException, RefusedException;
    }

    DecideRun(Decisions decisions) {
        this.decisions = decisions;
    }

    @Override
    public void init(ProcessorContext<byte[], Outbound> newContext) {
        PolledRecords.reset();
        context = newContext;
        RunShard restored = new RunShard(newContext, decisions);
        shard = restored;
        SlotShard given = new SlotShard(newContext, decisions);
        JoinShard joining = new JoinShard(newContext, decisions);
        BackfillShard making = new BackfillShard(newContext, decisions);
        AlertShard alerting = new AlertShard(newContext, decisions);
        parts = Map.of(
                decisions.topics().admissions().name(), part(given),
                decisions.topics().upstreamEnds().name(), part(joining),
                decisions.topics().backfills().name(), part(making),
                decisions.topics().alertSignals().name(), part(alerting));
        repeat(TIMER_INTERVAL, restored::fireTimers);
        repeat(WAITING_INTERVAL, () -> retryWaiting(newContext, restored));
        repeat(TICK_INTERVAL, () -> ticks(newContext).fire());
        repeat(EXPIRY_INTERVAL, joining::expire);
        repeat(ALERT_INTERVAL, alerting::fire);
        repeat(EXPIRY_INTERVAL, making::forgetOld);
        repeat(EXPIRY_INTERVAL, alerting::forgetOld);
        repeat(LIMITS_INTERVAL, given::lookAtLimits);
        repeat(LEASE_INTERVAL, restored::endLeases);
    }

    private Part part(SlotShard given) {
        return (record, position) -> {
            SlotShard.Decision changes =
                    given.decide(record.key(), decisions.admissions().decode(record.value()), position);
            return Optional.of(() -> given.carryOut(changes, position));
        };
    }

    private Part part(JoinShard joining) {
        return (record, position) -> joining.decide(
                        record.key(), decisions.upstreamEnds().decode(record.value()), record.headers())
                .map(decision -> () -> joining.carryOut(decision));
    }

    private Part part(BackfillShard making) {
        return (record, position) -> making.decide(
                        record.key(), decisions.backfills().decode(record.value()))
                .map(decision -> () -> making.carryOut(decision));
    }

    private Part part(AlertShard alerting) {
        return (record, position) ->
                alerting.decide(record.key(), decisions.alertSignals().decode(record.value()));
    }

    /** Does something again and again until this is closed. */
    private void repeat(Duration interval, Runnable action) {
        ProcessorContext<byte[], Outbound> here = Objects.requireNonNull(context);
        repeated.add(here.schedule(interval, PunctuationType.WALL_CLOCK_TIME, time -> action.run()));
    }

    /** Made at the first look, when whatever there is has been restored. */
    private TickShard ticks(ProcessorContext<byte[], Outbound> here) {
        TickShard known = ticks;
        if (known == null) {
            known = new TickShard(here, decisions);
            ticks = known;
        }
        return known;
    }

    /** Kafka Streams initialises a closed processor again when its task is resumed or revived, and what was scheduled before would go on with old state. */
    @Override
    public void close() {
        repeated.forEach(Cancellable::cancel);
        repeated.clear();
        ticks = null;
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
        Part part = parts.get(position.topic());
        if (part != null) {
            decided(here, record, position, () -> part.decide(record, position))
                    .flatMap(follows -> follows)
                    .ifPresent(Runnable::run);
            PolledRecords.processed(here, true);
            return;
        }
        boolean mayWait = isCommand(position) && WaitingCommands.hasRoomFor(record);
        Handled handled = mayWait && runs.waiting().isAhead(record.key())
                ? Handled.NOT_YET
                : handle(here, runs, record, position, Duration.ZERO);
        if (handled == Handled.NOT_YET) {
            runs.waiting().keep(record, position, now(here));
        }
        PolledRecords.processed(here, handled != Handled.NOTED);
    }

    /** Looks again at what had to wait, and at what waited behind it. */
    private void retryWaiting(ProcessorContext<byte[], Outbound> here, RunShard runs) {
        Instant deadline = now(here).plus(WAITING_BUDGET);
        boolean any = true;
        while (any && now(here).isBefore(deadline)) {
            any = false;
            for (WaitingCommands.Waiting command : runs.waiting().first()) {
                Duration waited = Duration.between(command.since(), now(here));
                if (handle(here, runs, command.record(), command.position(), waited) != Handled.NOT_YET) {
                    runs.waiting().remove(command);
                    here.commit();
                    any = true;
                }
            }
        }
    }

    /** What became of a record. */
    private enum Handled {
        /** It was decided about, or put aside. */
        DECIDED,
        /** It was decided about, and nobody waits for what follows: a task goes on as before. */
        NOTED,
        /** It has to wait. */
        NOT_YET
    }

    private Handled handle(
            ProcessorContext<byte[], Outbound> here,
            RunShard runs,
            Record<byte[], byte[]> record,
            RecordMetadata position,
            Duration waited) {
        boolean canWait = WaitingCommands.hasRoomFor(record);
        Optional<Optional<RunShard.Decided>> decided = decided(here, record, position, () -> {
            Optional<RunShard.Decided> decision = decide(runs, record, position, waited);
            if (decision.isEmpty() && !canWait) {
                throw new RefusedException(
                        DeadLetterReason.LIMIT, "the record is too large to be kept until the history can be read");
            }
            return decision;
        });
        if (decided.isEmpty()) {
            return Handled.DECIDED;
        }
        if (decided.get().isEmpty()) {
            return Handled.NOT_YET;
        }
        RunShard.Decided known = decided.get().get();
        runs.carryOut(known, Causes.record(position));
        return isAwaited(known.decision()) || known.told() != null ? Handled.DECIDED : Handled.NOTED;
    }

    /** Whether somebody can only go on once it is committed; that a task was claimed, or how far it is, is put on record and no more. */
    static boolean isAwaited(Decision decision) {
        return !decision.effects().isEmpty()
                || decision.events().stream()
                        .anyMatch(event -> event.type() != RunEventType.TASK_STARTED
                                && event.type() != RunEventType.TASK_PROGRESSED);
    }

    private Optional<RunShard.Decided> decide(
            RunShard runs,
            Record<byte @Nullable [], byte @Nullable []> record,
            RecordMetadata position,
            Duration waited)
            throws UndecodableException, RefusedException {
        return isCommand(position)
                ? runs.decide(record.key(), decisions.commands().decode(record.value()), waited)
                : Optional.of(runs.decide(record.key(), decisions.reports().decode(record.value())));
    }

    /** A decision about a record, which changes nothing before it is complete. */
    @FunctionalInterface
    private interface Deciding<T> {
        T decide() throws UndecodableException, RefusedException;
    }

    /** What was decided; empty when the record was put aside, for whatever fails leaves everything as it was. */
    private <T> Optional<T> decided(
            ProcessorContext<byte[], Outbound> here,
            Record<byte[], byte[]> record,
            RecordMetadata position,
            Deciding<T> deciding) {
        DeadLetters deadLetters = new DeadLetters(here, decisions, RunTopology.WRITE_DEAD_LETTERS);
        try {
            return Optional.of(deciding.decide());
        } catch (KafkaException | RegistryUnavailableException e) {
            throw e;
        } catch (UndecodableException e) {
            deadLetters.put(record, position, DeadLetterReason.UNDECODABLE, String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            deadLetters.put(record, position, e.reason(), String.valueOf(e.getMessage()));
            e.told()
                    .ifPresent(signal -> here.forward(
                            decisions.writer().alertSignal(signal, null, now(here)), RunTopology.WRITE_ALERT_SIGNALS));
        } catch (InvalidDocumentException e) {
            deadLetters.put(record, position, DeadLetterReason.INVALID_INPUTS, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            deadLetters.put(record, position, DeadLetterReason.INVALID_TRIGGER, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("A record of {} could not be decided about", position.topic(), e);
            deadLetters.put(record, position, DeadLetterReason.INTERNAL, e.toString());
        }
        return Optional.empty();
    }

    private boolean isCommand(RecordMetadata position) {
        return position.topic().equals(decisions.topics().runCommands().name());
    }

    private static Instant now(ProcessorContext<byte[], Outbound> here) {
        return Instant.ofEpochMilli(here.currentSystemTimeMs());
    }
}
