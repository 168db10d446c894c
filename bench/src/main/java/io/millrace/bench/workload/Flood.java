package io.millrace.bench.workload;

import io.millrace.bench.figure.Progress;

/** Very many runs, as fast as they are taken, each of which comes to a point and is then left alone. */
final class Flood {
    private static final int AT_A_TIME = 4_000;
    private static final int TOLD_EVERY = 50_000;

    private Flood() {}

    /**
     * Returns when all of them have come there.
     *
     * @param type the entry of the audit log that tells of it, such as {@code run.succeeded}
     * @throws io.millrace.bench.lab.LabException when they do not
     */
    static void of(Stand stand, String pipeline, int runs, String type, Progress progress) {
        UnderWay underWay = new UnderWay(Stand.PATIENCE);
        try (Stand.Listening listening = stand.listen((entry, nanos) -> {
            if (entry.type().equals(type)) {
                underWay.arrived();
            }
        })) {
            for (int i = 0; i < runs; i++) {
                underWay.awaitAtMost(AT_A_TIME - 1, stand::check);
                underWay.started();
                stand.trigger(pipeline, "{}");
                if ((i + 1) % TOLD_EVERY == 0) {
                    progress.at("%,d of %,d runs of %s".formatted(i + 1, runs, pipeline));
                }
            }
            underWay.awaitAtMost(0, stand::check);
        }
    }
}
