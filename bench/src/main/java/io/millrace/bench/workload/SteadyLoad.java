package io.millrace.bench.workload;

import io.millrace.bench.lab.AuditTail;
import java.time.Duration;
import java.util.function.Consumer;

/** So many runs a second, whatever becomes of them, all of which are waited for at the end. */
final class SteadyLoad {
    private SteadyLoad() {}

    /** How a run is started. */
    @FunctionalInterface
    interface Start {
        /**
         * Starts one, and does not wait.
         *
         * @param dueNanos when it was to be started, by {@link System#nanoTime}
         * @param onFailure is told when that has failed
         */
        void start(long dueNanos, Consumer<Throwable> onFailure);
    }

    /** Runs of a pipeline that are started by records. */
    static Start triggers(Stand stand, String pipeline) {
        return (dueNanos, onFailure) -> stand.trigger(pipeline, "{}");
    }

    /**
     * Returns when all of them have ended.
     *
     * @param listener is told of every entry of the audit log meanwhile
     * @throws io.millrace.bench.lab.LabException when they do not end, or not as they should
     */
    static void of(Stand stand, double perSecond, Duration time, Start start, AuditTail.Listener listener) {
        UnderWay underWay = new UnderWay(Stand.PATIENCE);
        try (Stand.Listening own = stand.listen((entry, nanos) -> {
            listener.seen(entry, nanos);
            if (Stand.hasEnded(entry)) {
                underWay.arrived();
            }
        })) {
            OpenLoop.of(perSecond, time, dueNanos -> {
                underWay.started();
                start.start(dueNanos, underWay::fail);
            });
            underWay.awaitAtMost(0, stand::check);
        }
    }
}
