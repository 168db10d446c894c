package io.millrace.coordinator.topology;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.engine.RunEventType;
import io.millrace.event.DeadLetterReason;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * What the run engine of this instance has done since it started, and what it holds. A decision whose transaction is aborted counts, and counts
 * again when it is made anew: these are numbers to watch, and the topics are those to rely on.
 *
 * <p><b>Threading:</b> stream threads count; any thread looks.
 */
final class EngineCounts implements MeterBinder {
    private final Map<RunEventType, LongAdder> events = new EnumMap<>(RunEventType.class);
    private final Map<DeadLetterReason, LongAdder> deadLetters = new EnumMap<>(DeadLetterReason.class);
    private final LongAdder dispatched = new LongAdder();
    private final Map<Object, Holding> shards = new ConcurrentHashMap<>();

    private record Holding(long runs, long timers) {}

    EngineCounts() {
        for (RunEventType type : RunEventType.values()) {
            events.put(type, new LongAdder());
        }
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters.put(reason, new LongAdder());
        }
    }

    void happened(RunEventType type) {
        increment(events.get(type));
    }

    void dispatched() {
        dispatched.increment();
    }

    void putAside(DeadLetterReason reason) {
        increment(deadLetters.get(reason));
    }

    /** A partition holds so much now. */
    void holds(Object shard, long runs, long timers) {
        shards.put(shard, new Holding(runs, timers));
    }

    /** A partition is another instance's from now on. */
    void released(Object shard) {
        shards.remove(shard);
    }

    private static void increment(@org.jspecify.annotations.Nullable LongAdder adder) {
        if (adder != null) {
            adder.increment();
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        events.forEach((type, count) -> FunctionCounter.builder("millrace.run.events", count, LongAdder::doubleValue)
                .description("Events of the audit log that the run engine wrote, by type")
                .tag("type", type.name().toLowerCase(Locale.ROOT))
                .register(registry));
        deadLetters.forEach(
                (reason, count) -> FunctionCounter.builder("millrace.dead.letters", count, LongAdder::doubleValue)
                        .description("Records that were put aside, by reason")
                        .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                        .register(registry));
        FunctionCounter.builder("millrace.tasks.dispatched", dispatched, LongAdder::doubleValue)
                .description("Tasks that were dispatched to their queues, each delivery counted")
                .register(registry);
        held(registry, "millrace.runs.open", "Runs that have not ended, of this instance's partitions", Holding::runs);
        held(
                registry,
                "millrace.timers.open",
                "Times that this instance waits for: retries, timeouts, waits",
                Holding::timers);
    }

    private void held(MeterRegistry registry, String name, String description, ToLongFunction<Holding> number) {
        Gauge.builder(
                        name,
                        shards,
                        all -> all.values().stream().mapToLong(number).sum())
                .description(description)
                .register(registry);
    }
}
