package io.millrace.bench.workload;

import io.millrace.bench.lab.LabException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * As many runs as can be: each that ends is followed by the next, so that always the same number is under way.
 *
 * <p><b>Threading:</b> used by one thread; what ends is counted by the one that reads the audit log.
 */
final class ClosedLoop implements AutoCloseable {
    /** So many that batches are large, and so few that a run does not take long. */
    static final int RUNS = 4_000;

    private final Stand stand;
    private final UnderWay underWay = new UnderWay(Stand.PATIENCE);
    private final LongAdder tasks = new LongAdder();
    private final Stand.Listening listening;
    private volatile boolean open = true;

    /** Starts so many runs of a pipeline. */
    ClosedLoop(Stand stand, String pipeline, int runs) {
        this.stand = stand;
        listening = stand.listen((entry, nanos) -> {
            if (entry.type().equals("task.succeeded")) {
                tasks.increment();
            } else if (Stand.hasEnded(entry)) {
                if (open) {
                    start(pipeline);
                }
                underWay.arrived();
            }
        });
        for (int i = 0; i < runs; i++) {
            start(pipeline);
        }
    }

    private void start(String pipeline) {
        underWay.started();
        stand.trigger(pipeline, "{}");
    }

    /** Tasks that have succeeded so far. */
    long tasks() {
        return tasks.sum();
    }

    /** Tasks that succeed in a second, from now on: runs end in waves, tasks do not. @throws LabException when none does */
    double rate(Duration time) {
        long before = tasks.sum();
        long beganNanos = System.nanoTime();
        Pause.of(time);
        stand.check();
        double rate = (tasks.sum() - before) * 1e9 / (System.nanoTime() - beganNanos);
        if (rate == 0) {
            throw new LabException("No task has succeeded for " + time.toSeconds() + " s");
        }
        return rate;
    }

    /** Starts nothing more, and waits for what has begun. */
    void drain() {
        open = false;
        underWay.awaitAtMost(0, stand::check);
    }

    /** Starts nothing more; what has begun is not waited for. */
    @Override
    public void close() {
        open = false;
        listening.close();
    }
}
