package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * W8: the throughput of W1 with more coordinators and workers, held against that with one of each, and how evenly the workers
 * share the tasks. The processes are not pinned: that more of them do more can show only where there are processors left.
 */
public final class ScaleOut implements Workload {
    private static final List<Integer> INSTANCES = List.of(1, 2, 4);

    @Override
    public String id() {
        return "W8";
    }

    @Override
    public String title() {
        return "throughput of W1 with 1, 2 and 4 coordinators and workers, and the share of each worker";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        List<Result> results = new ArrayList<>();
        OptionalDouble one = OptionalDouble.empty();
        for (int each : INSTANCES) {
            if (each > effort.instances()) {
                break;
            }
            String name = "%d of each on %d processors"
                    .formatted(each, Runtime.getRuntime().availableProcessors());
            progress.at("starting " + name);
            try (Stand stand = Stand.of(lab, ChainThroughput.SHAPE.withEach(each))) {
                WorkerShares shares = new WorkerShares();
                Saturation saturation;
                try (Stand.Listening listening = stand.listen(shares)) {
                    saturation = Saturation.of(stand, ChainThroughput.TASKS, effort, progress, name);
                }
                results.add(new Result(id(), name, "tasks/s", saturation.tasks(), one, saturation.parts()));
                if (each > 1) {
                    results.add(new Result(
                            id(),
                            "%d workers' shares".formatted(each),
                            "of an even one",
                            shares.ofAnEvenOne(each),
                            OptionalDouble.empty(),
                            List.of()));
                }
                if (one.isEmpty()) {
                    one = OptionalDouble.of(saturation.tasks().median());
                }
            }
        }
        return results;
    }
}
