package io.millrace.worker.health;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * All that one worker measures, under the names of docs/metrics.md.
 *
 * <p><b>Threading:</b> any number of threads.
 */
public final class WorkerMeters implements AutoCloseable {
    /** What {@link #text} is. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<List<String>, Timer> executions = new ConcurrentHashMap<>();
    private final Counter claimed = counter("millrace.worker.claimed", "Tasks that were claimed");
    private final Counter deadLetters =
            counter("millrace.worker.dead.letters", "Records of queues that were put aside");
    private final Timer waits = Timer.builder("millrace.worker.queue.wait")
            .description("From a task's dispatch to its claim, as the clocks of both machines have it")
            .register(registry);

    /** Begins to measure. */
    public WorkerMeters() {
        MeterBinder[] binders = {
            new JvmMemoryMetrics(),
            collections,
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics()
        };
        for (MeterBinder binder : binders) {
            binder.bindTo(registry);
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Adds a number that is asked for whenever somebody looks. @param unit such as {@code seconds}; empty for a plain number */
    public void gauge(String name, String description, String unit, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    /** Adds what a consumer measures, its lag among it, until what is returned is closed. */
    public KafkaClientMetrics measure(Consumer<?, ?> consumer) {
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(registry);
        return metrics;
    }

    /** A transaction of claims ended. @param fate what became of it */
    public void transaction(Enum<?> fate, Duration took) {
        Timer.builder("millrace.worker.claims")
                .description("Transactions that claim tasks, by what became of them")
                .tag("fate", fate.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(took);
    }

    /** A task was claimed, so long after its dispatch. */
    public void claimed(Duration wait) {
        claimed.increment();
        waits.record(wait.isNegative() ? Duration.ZERO : wait);
    }

    /** So many records that are no tasks were put aside. */
    public void putAside(int records) {
        deadLetters.increment(records);
    }

    /** A task was executed. @param outcome {@code succeeded}, {@code failed} or {@code stopped} */
    public void executed(String kind, String outcome, Duration took) {
        executions
                .computeIfAbsent(
                        List.of(kind, outcome),
                        tags -> Timer.builder("millrace.worker.executions")
                                .description("Executions by kind and outcome, from the first preparation to the end")
                                .tag("kind", kind)
                                .tag("outcome", outcome)
                                .register(registry))
                .record(took);
    }

    /** Everything as it is now, in Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
