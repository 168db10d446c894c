package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result.ProcessShare;
import io.millrace.bench.figure.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tasks a second a platform does when there are always more.
 *
 * @param tasks tasks a second
 * @param parts what the processes took meanwhile
 */
record Saturation(Spread tasks, List<ProcessShare> parts) {
    /**
     * Of chains of so many tasks that do nothing; none is under way any more when it returns.
     *
     * @param when said to those who wait
     */
    static Saturation of(Stand stand, int tasks, Effort effort, Progress progress, String when) {
        stand.platform().apply(Chains.of(tasks, "nothing"));
        try (ClosedLoop loop = new ClosedLoop(stand, Chains.name(tasks, "nothing"), ClosedLoop.RUNS)) {
            progress.at(when + ": warming up");
            loop.rate(effort.warmUp());
            Meter meter = new Meter(stand.processes());
            List<Double> rates = new ArrayList<>();
            for (int window = 0; window < effort.windows(); window++) {
                double rate = loop.rate(effort.window());
                rates.add(rate);
                progress.at("%s: %,.0f tasks/s".formatted(when, rate));
            }
            List<ProcessShare> parts = meter.read();
            loop.drain();
            return new Saturation(Spread.of(rates), parts);
        }
    }
}
