package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.AuditTail;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.PlatformShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/** W10: runs of two tasks that are started over HTTP, so many a minute; from the moment at which each is due to its end. */
public final class WebhookLoad implements Workload {
    private static final List<Integer> A_MINUTE = List.of(1_500, 4_000, 8_000);
    private static final int TASKS = 2;
    private static final String PIPELINE = Chains.name(TASKS, "nothing");
    private static final int SLOTS = 200;

    @Override
    public String id() {
        return "W10";
    }

    @Override
    public String title() {
        return "from a POST to the end of a run of 2 tasks, at 1,500, 4,000 and 8,000 runs a minute";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("starting a coordinator and a worker");
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, PlatformShape.withSlots(SLOTS))) {
            stand.platform().apply(Chains.of(TASKS, "nothing"));
            progress.at("warming up");
            load(stand, A_MINUTE.get(A_MINUTE.size() - 1), effort.warmUp(), new Quantiles(1));
            for (int rate : A_MINUTE) {
                String name = "%,d a minute".formatted(rate);
                Meter meter = new Meter(stand.processes());
                Quantiles quantiles = new Quantiles(effort.windows());
                load(stand, rate, effort.whole(), quantiles);
                progress.at("%s: %.1f ms".formatted(name, quantiles.of(0.5).median()));
                results.add(new Result(
                        id(), name + ", p50", "ms", quantiles.of(0.5), OptionalDouble.empty(), meter.read()));
                results.add(
                        new Result(id(), name + ", p99", "ms", quantiles.of(0.99), OptionalDouble.empty(), List.of()));
            }
        }
        return results;
    }

    private static void load(Stand stand, int aMinute, Duration time, Quantiles quantiles) {
        Map<String, Long> dueNanos = new ConcurrentHashMap<>();
        AuditTail.Listener ends = (entry, nanos) -> {
            Long due = entry.type().equals("run.succeeded") ? dueNanos.remove(entry.run()) : null;
            if (due != null) {
                quantiles.add((nanos - due) / 1e6);
            }
        };
        SteadyLoad.Start posts = (due, onFailure) -> {
            String key = stand.newKey();
            dueNanos.put(Stand.idOf(PIPELINE, key), due);
            stand.platform().startByHttp(PIPELINE, key, "{}").whenComplete((run, failure) -> {
                if (failure != null) {
                    onFailure.accept(failure);
                }
            });
        };
        SteadyLoad.of(stand, aMinute / 60.0, time, posts, ends);
    }
}
