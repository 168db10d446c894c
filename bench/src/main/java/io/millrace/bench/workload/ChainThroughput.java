package io.millrace.bench.workload;

import io.millrace.bench.Effort;
import io.millrace.bench.Progress;
import io.millrace.bench.Result;
import io.millrace.bench.Spread;
import io.millrace.bench.Workload;
import io.millrace.bench.lab.Lab;
import java.util.List;
import java.util.OptionalDouble;

/** W1: chains of three tasks that do nothing, as many as can be. */
public final class ChainThroughput implements Workload {
    static final int SLOTS = 2_000;

    private static final int TASKS = 3;

    @Override
    public String id() {
        return "W1";
    }

    @Override
    public String title() {
        return "throughput of chains of 3 tasks";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("the bare loop");
        double limit = BareLoop.rate(lab, effort);
        progress.at("starting a coordinator and a worker");
        try (Stand stand = Stand.of(lab, SLOTS)) {
            stand.platform().apply(Chains.of(TASKS, "nothing"));
            try (ClosedLoop loop = new ClosedLoop(stand, Chains.name(TASKS, "nothing"), ClosedLoop.RUNS)) {
                progress.at("warming up");
                Meter meter = new Meter(stand.processes());
                List<Double> rates = loop.rates(
                        effort, rate -> progress.at("%,.0f tasks/s".formatted(rate * TASKS)));
                return List.of(new Result(
                        id(),
                        "tasks",
                        "tasks/s",
                        Spread.of(rates.stream().map(rate -> rate * TASKS).toList()),
                        OptionalDouble.of(limit),
                        meter.read()));
            }
        }
    }
}
