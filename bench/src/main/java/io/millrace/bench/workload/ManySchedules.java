package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Result.ProcessShare;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.PlatformShape;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * W11: how late runs start whose schedules are all due at the same moment, on two coordinators, also when one of them is killed at that moment; and
 * what schedules cost that are not due.
 */
public final class ManySchedules implements Workload {
    private static final List<Integer> DUE = List.of(1_000, 10_000);
    private static final List<Integer> IDLE = List.of(1_000, 100_000);
    private static final int OF_A_PIPELINE = 100;
    private static final int TICKS = 2;
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final PlatformShape SHAPE = PlatformShape.withSlots(200).withStandby();

    @Override
    public String id() {
        return "W11";
    }

    @Override
    public String title() {
        return "10,000 schedules that are due at once, and 100,000 that are not";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        int due = last(effort.of(DUE));
        int idle = last(effort.of(IDLE));
        progress.at("starting two coordinators and a worker");
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, SHAPE)) {
            Pause.of(effort.warmUp());
            List<ProcessShare> without = atRest(stand);
            apply(stand, "yearly", "0 0 1 1 *", idle, progress);
            Pause.of(LOOK);
            List<ProcessShare> with = atRest(stand);
            results.add(new Result(
                    id(),
                    "%,d not due".formatted(idle),
                    "% of a processor",
                    Spread.of(List.of(100 * ofCoordinators(with))),
                    OptionalDouble.of(100 * ofCoordinators(without)),
                    with));

            apply(stand, "minutely", "* * * * *", due, progress);
            TickWatch ticks = new TickWatch(due);
            try (Stand.Listening listening = stand.listen(ticks)) {
                Instant tick = next();
                awaitWhole(stand, ticks, tick);
                List<Double> late = new ArrayList<>();
                for (int i = 0; i < TICKS; i++) {
                    tick = tick.plus(1, ChronoUnit.MINUTES);
                    progress.at("%,d at %s".formatted(due, tick));
                    late.addAll(awaitWhole(stand, ticks, tick));
                }
                results.addAll(results("%,d at once".formatted(due), late));

                tick = tick.plus(1, ChronoUnit.MINUTES);
                progress.at("%,d at %s, when a coordinator is killed".formatted(due, tick));
                while (Instant.now().isBefore(tick)) {
                    Thread.onSpinWait();
                }
                stand.platform().kill("c1");
                results.addAll(results("%,d at once, one killed".formatted(due), awaitWhole(stand, ticks, tick)));
            }
        }
        return results;
    }

    private static int last(List<Integer> sizes) {
        return sizes.get(sizes.size() - 1);
    }

    /** The first whole minute that does not begin at once. */
    private static Instant next() {
        return Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    }

    private static List<Double> awaitWhole(Stand stand, TickWatch ticks, Instant tick) {
        long deadline = System.nanoTime() + Stand.PATIENCE.toNanos();
        while (!ticks.isWhole(tick)) {
            stand.check();
            if (System.nanoTime() - deadline > 0) {
                throw new LabException(ticks.count(tick) + " schedules have fired at " + tick);
            }
            Pause.of(Duration.ofMillis(100));
        }
        return ticks.late(tick);
    }

    private List<Result> results(String name, List<Double> late) {
        Quantiles quantiles = new Quantiles(1);
        late.forEach(quantiles::add);
        return List.of(
                new Result(id(), name + " p50", "ms", quantiles.of(0.5), OptionalDouble.empty(), List.of()),
                new Result(id(), name + " p99", "ms", quantiles.of(0.99), OptionalDouble.empty(), List.of()));
    }

    private static void apply(Stand stand, String name, String cron, int schedules, Progress progress) {
        progress.at("applying %,d schedules".formatted(schedules));
        for (int i = 0; i < schedules / OF_A_PIPELINE; i++) {
            String triggers = IntStream.range(0, OF_A_PIPELINE)
                    .mapToObj(trigger -> "  - {id: t%d, schedule: \"%s\"}\n".formatted(trigger, cron))
                    .collect(Collectors.joining());
            stand.platform()
                    .apply("id: %s_%d\ntriggers:\n%stasks:\n  - {id: a, java: nothing}\n".formatted(name, i, triggers));
        }
    }

    private static List<ProcessShare> atRest(Stand stand) {
        Meter meter = new Meter(stand.processes());
        Pause.of(LOOK);
        return meter.read();
    }

    private static double ofCoordinators(List<ProcessShare> shares) {
        return shares.stream()
                .filter(share -> share.process().contains("-c"))
                .mapToDouble(ProcessShare::cores)
                .sum();
    }
}
