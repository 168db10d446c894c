package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result.ProcessShare;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.lab.LogSize;
import java.util.ArrayList;
import java.util.List;

/**
 * How many tasks a second a platform does when there are always more.
 *
 * @param tasks tasks a second
 * @param records how many records Kafka was given for a task, markers of transactions and changelogs included
 * @param bytes how many bytes of its disk Kafka took for a task
 * @param parts what the processes took meanwhile
 */
record Saturation(Spread tasks, double records, double bytes, List<ProcessShare> parts) {
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
            LogSize logBefore = stand.platform().logSize();
            long tasksBefore = loop.tasks();
            Meter meter = new Meter(stand.processes());
            List<Double> rates = new ArrayList<>();
            for (int window = 0; window < effort.windows(); window++) {
                double rate = loop.rate(effort.window());
                rates.add(rate);
                progress.at("%s: %,.0f tasks/s".formatted(when, rate));
            }
            List<ProcessShare> parts = meter.read();
            double done = loop.tasks() - tasksBefore;
            LogSize log = stand.platform().logSize();
            loop.drain();
            return new Saturation(
                    Spread.of(rates),
                    (log.records() - logBefore.records()) / done,
                    (log.bytes() - logBefore.bytes()) / done,
                    parts);
        }
    }
}
