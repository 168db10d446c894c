package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.PlatformShape;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * W6: the throughput of W1 while very many other runs are open, and after very many have ended, each held against that of the same
 * platform with hardly any; and what an open run takes of a coordinator's heap.
 */
public final class ManyRuns implements Workload {
    private static final int FEW = 10;
    private static final List<Integer> OPEN = List.of(1_000, 100_000, 1_000_000);
    private static final int ENDED = 1_000_000;

    @Override
    public String id() {
        return "W6";
    }

    @Override
    public String title() {
        return "throughput of W1 with 10 to 1,000,000 other runs open, and after 1,000,000 ended ones";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        PlatformShape shape = ChainThroughput.SHAPE.withRoomFor(effort.largest());
        List<Result> results = new ArrayList<>();
        try (Stand stand = stand(lab, shape, progress)) {
            results.addAll(whileOpen(stand, effort, progress));
        }
        try (Stand stand = stand(lab, shape, progress)) {
            results.addAll(afterEnded(stand, effort, progress));
        }
        return results;
    }

    private static Stand stand(Lab lab, PlatformShape shape, Progress progress) {
        progress.at("starting a coordinator with %d GiB and a worker".formatted(shape.coordinatorGigabytes()));
        return Stand.of(lab, shape);
    }

    private List<Result> whileOpen(Stand stand, Effort effort, Progress progress) {
        OpenRuns open = new OpenRuns(stand, progress);
        open.growTo(FEW);
        Series series = new Series(stand, effort, progress, FEW + " open");
        int opened = 0;
        double heapBytes = 0;
        for (int size : effort.of(OPEN)) {
            long before = heapBytes(stand);
            opened += open.growTo(size);
            heapBytes += heapBytes(stand) - before;
            series.add("%,d open".formatted(size));
        }
        series.results.add(new Result(
                id(),
                "heap of an open run",
                "bytes",
                Spread.of(List.of(heapBytes / opened)),
                OptionalDouble.empty(),
                List.of()));
        return series.results;
    }

    private List<Result> afterEnded(Stand stand, Effort effort, Progress progress) {
        Series series = new Series(stand, effort, progress, "few ended");
        int more = Math.min(ENDED, effort.largest());
        stand.platform().apply(Chains.of(1, "nothing"));
        Flood.of(stand, Chains.name(1, "nothing"), more, "run.succeeded", progress);
        series.add("%,d more ended".formatted(more));
        return series.results;
    }

    private static long heapBytes(Stand stand) {
        return stand.platform().process("c1").heapBytes();
    }

    /** Throughputs of one platform, each after the first held against the first. */
    private final class Series {
        private final List<Result> results = new ArrayList<>();
        private final Stand stand;
        private final Effort effort;
        private final Progress progress;

        Series(Stand stand, Effort effort, Progress progress, String first) {
            this.stand = stand;
            this.effort = effort;
            this.progress = progress;
            add(first);
        }

        void add(String name) {
            boolean isFirst = results.isEmpty();
            Saturation saturation =
                    Saturation.of(stand, ChainThroughput.TASKS, isFirst ? effort : effort.settled(), progress, name);
            OptionalDouble first = isFirst
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(results.get(0).spread().median());
            results.add(new Result(id(), name, "tasks/s", saturation.tasks(), first, saturation.parts()));
        }
    }
}
