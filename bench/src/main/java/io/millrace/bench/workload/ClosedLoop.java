package io.millrace.bench.workload;

import io.millrace.bench.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleConsumer;

/**
 * As many runs as can be: each that ends is followed by the next, so that always the same number is under way.
 *
 * <p><b>Threading:</b> used by one thread; what ends is counted by the one that reads the audit log.
 */
final class ClosedLoop implements AutoCloseable {
    /** So many that batches are large, and so few that a run does not take long. */
    static final int RUNS = 4_000;

    private final AtomicLong ended = new AtomicLong();
    private final Stand.Listening listening;
    private volatile boolean open = true;

    /** Starts so many runs of a pipeline. */
    ClosedLoop(Stand stand, String pipeline, int runs) {
        listening = stand.listen((entry, nanos) -> {
            if (Stand.hasEnded(entry)) {
                ended.incrementAndGet();
                if (open) {
                    stand.trigger(pipeline, "{}");
                }
            }
        });
        for (int i = 0; i < runs; i++) {
            stand.trigger(pipeline, "{}");
        }
    }

    /** Runs that end in a second, once for each window. @param after is told of each */
    List<Double> rates(Effort effort, DoubleConsumer after) {
        Pause.of(effort.warmUp());
        List<Double> rates = new ArrayList<>();
        for (int window = 0; window < effort.windows(); window++) {
            double rate = rate(effort.window());
            rates.add(rate);
            after.accept(rate);
        }
        return rates;
    }

    /** Runs that end in a second, from now on. */
    double rate(Duration time) {
        long before = ended.get();
        long beganNanos = System.nanoTime();
        Pause.of(time);
        return (ended.get() - before) * 1e9 / (System.nanoTime() - beganNanos);
    }

    /** Starts nothing more; what has begun is not waited for. */
    @Override
    public void close() {
        open = false;
        listening.close();
    }
}
