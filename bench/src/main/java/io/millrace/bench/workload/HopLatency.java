package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.PlatformShape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** W2: one run at a time, of ten tasks that do nothing; a hop is from the end of one task to the end of the next. */
public final class HopLatency implements Workload {
    static final int TASKS = 10;
    private static final int SLOTS = 4;

    @Override
    public String id() {
        return "W2";
    }

    @Override
    public String title() {
        return "latency of a hop in a chain of 10 tasks, on an idle platform";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        List<Result> results = new ArrayList<>();
        progress.at("the bare loops");
        BareLoop.Round claimed = BareLoop.round(lab, effort, BareLoop.CLAIMED);
        BareLoop.Round transactional = BareLoop.round(lab, effort, BareLoop.TRANSACTIONAL);
        progress.at("starting a coordinator and a worker");
        try (Stand stand = Stand.of(lab, PlatformShape.withSlots(SLOTS))) {
            results.addAll(measure(stand, effort, progress, "claimed", "nothing", claimed));
            results.addAll(measure(stand, effort, progress, "transactional", "nothing_exactly_once", transactional));
        }
        return results;
    }

    private List<Result> measure(
            Stand stand, Effort effort, Progress progress, String name, String handler, BareLoop.Round limit) {
        stand.platform().apply(Chains.of(TASKS, handler));
        progress.at("warming up: " + name);
        long warmNanos = System.nanoTime() + effort.warmUp().toNanos();
        while (System.nanoTime() < warmNanos) {
            stand.run(Chains.name(TASKS, handler), "{}");
        }
        Meter meter = new Meter(stand.processes());
        Quantiles quantiles = new Quantiles(effort.windows());
        Hops hops = new Hops(quantiles);
        for (int i = 0; i < effort.samples(); i++) {
            stand.run(Chains.name(TASKS, handler), "{}", hops);
        }
        progress.at("%s: %.1f ms".formatted(name, quantiles.of(0.5).median()));
        List<Result.ProcessShare> shares = meter.read();
        return List.of(
                new Result(id(), name + " p50", "ms", quantiles.of(0.5), OptionalDouble.of(limit.p50()), shares),
                new Result(id(), name + " p99", "ms", quantiles.of(0.99), OptionalDouble.of(limit.p99()), List.of()));
    }
}
