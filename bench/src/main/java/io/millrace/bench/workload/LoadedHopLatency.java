package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import java.util.List;
import java.util.OptionalDouble;

/** W5: the hops of W2 while half as many tasks come as there can be. */
public final class LoadedHopLatency implements Workload {
    private static final int TASKS = HopLatency.TASKS;

    @Override
    public String id() {
        return "W5";
    }

    @Override
    public String title() {
        return "latency of a hop in a chain of 10 tasks, under half of saturation";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("the bare loop");
        double limit = BareLoop.rate(lab, effort);
        progress.at("starting a coordinator and a worker");
        try (Stand stand = Stand.of(lab, ChainThroughput.SHAPE)) {
            Saturation saturation = Saturation.of(stand, TASKS, effort, progress, "saturation");
            double runsPerSecond = saturation.tasks().median() / TASKS / 2;
            SteadyLoad.Start start = SteadyLoad.triggers(stand, Chains.name(TASKS, "nothing"));
            progress.at("warming up: %,.0f tasks/s".formatted(runsPerSecond * TASKS));
            SteadyLoad.of(stand, runsPerSecond, effort.warmUp(), start, (entry, nanos) -> {});
            progress.at("half of saturation: %,.0f tasks/s".formatted(runsPerSecond * TASKS));
            Meter meter = new Meter(stand.processes());
            Quantiles quantiles = new Quantiles(effort.windows());
            SteadyLoad.of(stand, runsPerSecond, effort.whole(), start, new Hops(quantiles));
            return List.of(
                    new Result(
                            id(),
                            "saturation",
                            "tasks/s",
                            saturation.tasks(),
                            OptionalDouble.of(limit),
                            saturation.parts()),
                    new Result(
                            id(), "at half of it, p50", "ms", quantiles.of(0.5), OptionalDouble.empty(), meter.read()),
                    new Result(
                            id(), "at half of it, p99", "ms", quantiles.of(0.99), OptionalDouble.empty(), List.of()));
        }
    }
}
