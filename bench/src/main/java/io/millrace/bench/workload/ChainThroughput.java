package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.PlatformShape;
import java.util.List;
import java.util.OptionalDouble;

/** W1: chains of three tasks that do nothing, as many as can be. */
public final class ChainThroughput implements Workload {
    static final int TASKS = 3;

    /** So many that none of the tasks that are under way waits for one. */
    static final PlatformShape SHAPE = PlatformShape.withSlots(2_000);

    @Override
    public String id() {
        return "W1";
    }

    @Override
    public String title() {
        return "throughput of chains of 3 tasks";
    }

    private Result once(String name, String unit, double value) {
        return new Result(id(), name, unit, Spread.of(List.of(value)), OptionalDouble.empty(), List.of());
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("the bare loop");
        double limit = BareLoop.rate(lab, effort);
        progress.at("starting a coordinator and a worker");
        try (Stand stand = Stand.of(lab, SHAPE)) {
            Saturation saturation = Saturation.of(stand, TASKS, effort, progress, "chains");
            return List.of(
                    new Result(
                            id(), "tasks", "tasks/s", saturation.tasks(), OptionalDouble.of(limit), saturation.parts()),
                    once("records of a task", "records", saturation.records()),
                    once("bytes of a task", "bytes", saturation.bytes()));
        }
    }
}
