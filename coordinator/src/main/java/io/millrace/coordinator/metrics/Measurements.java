package io.millrace.coordinator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * All that one coordinator measures: the JVM and its process from the beginning, and whatever is bound later.
 *
 * <p><b>Threading.</b> Thread-safe.
 */
public final class Measurements implements AutoCloseable {
    /** What {@link #text} is. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<AutoCloseable> bound = new ArrayDeque<>();

    /** Begins to measure. */
    public Measurements() {
        bind(new JvmMemoryMetrics());
        bind(new JvmGcMetrics());
        bind(new JvmThreadMetrics());
        bind(new ClassLoaderMetrics());
        bind(new ProcessorMetrics());
        bind(new FileDescriptorMetrics());
        bind(new UptimeMetrics());
    }

    /** Adds what a binder measures; one that holds anything is closed with this. */
    public synchronized void bind(MeterBinder binder) {
        binder.bindTo(registry);
        if (binder instanceof AutoCloseable closeable) {
            bound.push(closeable);
        }
    }

    /** Adds a number that is asked for whenever somebody looks. */
    public void gauge(String name, String description, Supplier<Number> value) {
        gauge(name, description, Tags.empty(), value);
    }

    /** The same, as one of several that differ in their tags. */
    public void gauge(String name, String description, Tags tags, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
    }

    /** A request was answered. @param route as the table of routes has it, so that there are no more series than routes */
    public void answered(String method, String route, int status, Duration took) {
        Timer.builder("millrace.http.requests")
                .description("Requests by route and status")
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .record(took);
    }

    /** Everything as it is now, in Prometheus' text format. */
    public String text() {
        return registry.scrape();
    }

    @Override
    public synchronized void close() throws Exception {
        while (!bound.isEmpty()) {
            bound.pop().close();
        }
        registry.close();
    }
}
