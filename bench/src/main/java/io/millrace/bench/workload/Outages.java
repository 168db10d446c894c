package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.PlatformShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * W7: how long no run ends after a coordinator was killed, with many runs open: of one that is started again at once, and of
 * one that another takes over from.
 */
public final class Outages implements Workload {
    private static final List<Integer> OPEN = List.of(0, 1_000, 10_000, 100_000);
    private static final double RUNS_PER_SECOND = 100;
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration LOAD = Duration.ofSeconds(6);
    private static final PlatformShape SHAPE = PlatformShape.withSlots(200);

    @Override
    public String id() {
        return "W7";
    }

    @Override
    public String title() {
        return "how long no run ends after a coordinator is killed, with 0 to 100,000 runs open";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        List<Integer> sizes = effort.of(OPEN);
        PlatformShape shape = SHAPE.withRoomFor(sizes.get(sizes.size() - 1));
        List<Result> results = new ArrayList<>();
        results.addAll(measure(lab, shape, sizes, "restart", effort, progress));
        results.addAll(measure(lab, shape.withStandby(), sizes, "fail-over", effort, progress));
        return results;
    }

    private List<Result> measure(
            Lab lab, PlatformShape shape, List<Integer> sizes, String name, Effort effort, Progress progress) {
        progress.at(name + ": starting coordinators (%d) and a worker".formatted(shape.coordinators()));
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, shape)) {
            stand.platform().apply(Chains.of(ChainThroughput.TASKS, "nothing"));
            load(stand, LOAD, new Gaps());
            OpenRuns open = new OpenRuns(stand, progress);
            for (int size : sizes) {
                open.growTo(size);
                String figure = "%s, %,d open".formatted(name, size);
                List<Double> gaps = new ArrayList<>();
                for (int round = 0; round < effort.rounds(); round++) {
                    gaps.add(gap(stand, shape));
                    progress.at("%s: %.1f s".formatted(figure, gaps.get(round)));
                }
                results.add(new Result(id(), figure, "s", Spread.of(gaps), OptionalDouble.empty(), List.of()));
            }
        }
        return results;
    }

    /** How long the partition that was worst off saw no run end, in seconds. Afterwards all coordinators are there again. */
    private static double gap(Stand stand, PlatformShape shape) {
        Gaps gaps = new Gaps();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> load(stand, LOAD, gaps));
        Pause.of(QUIET);
        stand.platform().kill("c1");
        boolean replaced = shape.standbys() > 0;
        if (!replaced) {
            stand.platform().coordinator("c1");
        }
        try {
            load.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LabException lab ? lab : e;
        }
        if (replaced) {
            stand.platform().coordinator("c1");
        }
        return gaps.longestSeconds();
    }

    private static void load(Stand stand, Duration time, Gaps gaps) {
        SteadyLoad.Start start = SteadyLoad.triggers(stand, Chains.name(ChainThroughput.TASKS, "nothing"));
        SteadyLoad.of(stand, RUNS_PER_SECOND, time, start, gaps);
    }
}
