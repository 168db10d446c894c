package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** W3: a task for each item of a list, and one that waits for all of them; from the run's start to its end. */
public final class FanOut implements Workload {
    private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);

    @Override
    public String id() {
        return "W3";
    }

    @Override
    public String title() {
        return "fan-out to 1,000, 10,000 and 100,000 tasks, and their join";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("the bare loop");
        double limit = BareLoop.rate(lab, effort);
        progress.at("starting a coordinator and a worker");
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, ChainThroughput.SHAPE)) {
            for (int size : effort.of(SIZES)) {
                stand.platform().apply(pipeline(size));
                progress.at("warming up: " + size);
                long warmNanos = System.nanoTime() + effort.warmUp().toNanos();
                do {
                    stand.run("fan_" + size, "{}");
                } while (System.nanoTime() < warmNanos);
                Meter meter = new Meter(stand.processes());
                List<Double> seconds = new ArrayList<>();
                for (int i = 0; i < effort.windows(); i++) {
                    seconds.add(seconds(stand, "fan_" + size));
                    progress.at("%,d: %.2f s".formatted(size, seconds.get(i)));
                }
                results.add(new Result(
                        id(),
                        "%,d tasks".formatted(size),
                        "s",
                        Spread.of(seconds),
                        OptionalDouble.of(size / limit),
                        meter.read()));
            }
        }
        return results;
    }

    private static double seconds(Stand stand, String pipeline) {
        long[] nanos = new long[2];
        stand.run(pipeline, "{}", (entry, at) -> {
            if (entry.type().equals("run.started")) {
                nanos[0] = at;
            } else if (entry.type().equals("run.succeeded")) {
                nanos[1] = at;
            }
        });
        return (nanos[1] - nanos[0]) / 1e9;
    }

    private static String pipeline(int size) {
        return """
                id: fan_%d
                tasks:
                  - {id: each, for_each: [%s], java: nothing}
                  - {id: join, needs: each, java: nothing}
                """.formatted(size, "0,".repeat(size - 1) + "0");
    }
}
