package io.millrace.bench.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.AuditTail;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.PlatformShape;
import io.millrace.bench.role.EpochMicros;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** W4: from the moment at which a trigger is sent to the first line of the first task's handler. */
public final class TriggerLatency implements Workload {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PIPELINE = """
            id: arrival
            inputs: {sent: integer}
            tasks:
              - {id: arrive, java: arrive, with: {sent: "${{ inputs.sent }}"}}
            """;
    private static final int PER_SECOND = 1_000;
    private static final int SLOTS = 200;

    @Override
    public String id() {
        return "W4";
    }

    @Override
    public String title() {
        return "from a trigger to the start of the first task, idle and at 1,000 a second";
    }

    /** How a trigger is sent. */
    @FunctionalInterface
    private interface Way {
        void send(String inputs, Consumer<Throwable> onFailure);
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("starting a coordinator and a worker");
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, PlatformShape.withSlots(SLOTS))) {
            stand.platform().apply(PIPELINE);
            Way kafka = (inputs, onFailure) -> stand.trigger("arrival", inputs);
            Way http = (inputs, onFailure) -> stand.platform()
                    .startByHttp("arrival", stand.newKey(), inputs)
                    .whenComplete((run, failure) -> {
                        if (failure != null) {
                            onFailure.accept(failure);
                        }
                    });
            // One by one the code of five processes gets warm enough for a flood, but not in any time for its best.
            warm(stand, effort, progress, kafka);
            warm(stand, effort, progress, http);
            results.addAll(busy(stand, effort, progress, "Kafka", kafka));
            results.addAll(busy(stand, effort, progress, "HTTP", http));
            results.addAll(idle(stand, effort, progress, "Kafka", kafka));
            results.addAll(idle(stand, effort, progress, "HTTP", http));
        }
        return results;
    }

    private static void warm(Stand stand, Effort effort, Progress progress, Way way) {
        progress.at("warming up");
        long warmNanos = System.nanoTime() + effort.warmUp().toNanos();
        while (System.nanoTime() < warmNanos) {
            waits(stand, 1, onFailure -> way.send(inputs(EpochMicros.now()), onFailure));
        }
    }

    private List<Result> idle(Stand stand, Effort effort, Progress progress, String name, Way way) {
        warm(stand, effort, progress, way);
        progress.at(name + ", idle");
        Meter meter = new Meter(stand.processes());
        Quantiles quantiles = new Quantiles(effort.windows());
        for (int i = 0; i < effort.samples(); i++) {
            waits(stand, 1, onFailure -> way.send(inputs(EpochMicros.now()), onFailure))
                    .forEach(quantiles::add);
        }
        return results(name + ", idle", quantiles, meter);
    }

    private List<Result> busy(Stand stand, Effort effort, Progress progress, String name, Way way) {
        progress.at(name + ", %,d a second".formatted(PER_SECOND));
        send(stand, effort.warmUp(), way);
        Meter meter = new Meter(stand.processes());
        Quantiles quantiles = new Quantiles(effort.windows());
        send(stand, effort.whole(), way).forEach(quantiles::add);
        return results(name + ", %,d/s".formatted(PER_SECOND), quantiles, meter);
    }

    private static List<Double> send(Stand stand, Duration time, Way way) {
        return waits(
                stand,
                (int) (PER_SECOND * time.toSeconds()),
                onFailure -> OpenLoop.of(
                        PER_SECOND,
                        time,
                        dueNanos -> way.send(
                                inputs(EpochMicros.now() - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos)),
                                onFailure)));
    }

    private List<Result> results(String name, Quantiles quantiles, Meter meter) {
        return List.of(
                new Result(id(), name + " p50", "ms", quantiles.of(0.5), OptionalDouble.empty(), meter.read()),
                new Result(id(), name + " p99", "ms", quantiles.of(0.99), OptionalDouble.empty(), List.of()));
    }

    private static String inputs(long sentMicros) {
        return "{\"sent\":" + sentMicros + "}";
    }

    /** How long each of so many triggers waited, in milliseconds. */
    private static List<Double> waits(Stand stand, int count, Consumer<Consumer<Throwable>> sending) {
        Gathering<Double> waits = new Gathering<>(count);
        try (Stand.Listening listening = stand.listen((entry, nanos) -> {
            if (entry.type().equals("task.succeeded")) {
                waits.add(waited(entry));
            }
        })) {
            sending.accept(waits::fail);
            return waits.await(Stand.PATIENCE, stand::check);
        }
    }

    private static double waited(AuditTail.Entry entry) {
        try {
            return JSON.readTree(entry.event().getOutput().orElse("{}"))
                            .path("waited_micros")
                            .asLong()
                    / 1e3;
        } catch (JsonProcessingException e) {
            throw new LabException("An output is not JSON: " + e.getMessage());
        }
    }
}
