package io.millrace.coordinator.listen;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this instance has read of the topics that triggers listen to.
 *
 * <p><b>Threading:</b> readers count; any thread looks.
 */
final class ListenCounts implements MeterBinder {
    private final LongAdder records = new LongAdder();
    private final LongAdder started = new LongAdder();
    private final LongAdder putAside = new LongAdder();
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger troubled = new AtomicInteger();

    void read(long count) {
        records.add(count);
    }

    void started(long count) {
        started.add(count);
    }

    void putAside(long count) {
        putAside.add(count);
    }

    void readers(int change) {
        readers.addAndGet(change);
    }

    void troubled(int change) {
        troubled.addAndGet(change);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "millrace.listen.records", "Records of topics of users that were read for triggers", records);
        counter(
                registry,
                "millrace.listen.runs",
                "Runs that were asked for by triggers that listen to topics",
                started);
        counter(
                registry,
                "millrace.listen.dead.letters",
                "Records of topics of users that were put aside, once for each trigger",
                putAside);
        Gauge.builder("millrace.listen.readers", readers, AtomicInteger::get)
                .description("Topics of users that are read for triggers")
                .register(registry);
        Gauge.builder("millrace.listen.troubled", troubled, AtomicInteger::get)
                .description("Topics of users that cannot be read just now")
                .register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }
}
