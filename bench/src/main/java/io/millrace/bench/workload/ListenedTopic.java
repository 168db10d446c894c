package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.LabProcess;
import io.millrace.bench.lab.PlatformShape;
import io.millrace.bench.lab.UserTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * W12: how fast a coordinator reads a topic of JSON for a trigger whose filter keeps one record in a hundred, the runs of those included; beside a bare
 * consumer that makes a string of each value. More or fewer runs than that end the bench.
 */
public final class ListenedTopic implements Workload {
    private static final int FEW = 100_000;
    private static final int MANY = 1_000_000;
    private static final int ONE_IN = 100;
    private static final int MOST_ROUNDS = 3;
    private static final PlatformShape SHAPE = PlatformShape.withSlots(1);
    private static final Duration LOOK = Duration.ofMillis(5);

    @Override
    public String id() {
        return "W12";
    }

    @Override
    public String title() {
        return "A topic of records, of which a filter keeps 1 %";
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        int records = effort.largest() >= MANY ? MANY : FEW;
        progress.at("starting a coordinator");
        List<Double> rates = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        try (Stand stand = Stand.of(lab, SHAPE)) {
            Set<String> started = ConcurrentHashMap.newKeySet();
            Set<String> twice = ConcurrentHashMap.newKeySet();
            try (Stand.Listening listening = stand.listen((entry, nanos) -> {
                if (entry.type().equals("run.started") && !started.add(entry.run())) {
                    twice.add(entry.run());
                }
            })) {
                // The first round is the warm-up.
                Meter meter = new Meter(stand.processes());
                for (int round = 0; round <= Math.min(MOST_ROUNDS, effort.rounds()); round++) {
                    progress.at("filling a topic with %,d records".formatted(records));
                    String name = "orders-" + stand.platform().prefix() + round;
                    try (UserTopic topic =
                            UserTopic.filled(stand.platform().access(), name, records, ListenedTopic::order)) {
                        double limit = bare(lab, topic);
                        if (round == 1) {
                            meter = new Meter(stand.processes());
                        }
                        double rate = rate(stand, topic, round, records);
                        awaitAll(stand, started, twice, (round + 1) * (records / ONE_IN));
                        progress.at("%,.0f records/s, the bare consumer %,.0f".formatted(rate, limit));
                        if (round > 0) {
                            rates.add(rate);
                            bare.add(limit);
                        }
                    }
                }
                return List.of(new Result(
                        id(),
                        "%,d records".formatted(records),
                        "records/s",
                        Spread.of(rates),
                        OptionalDouble.of(Spread.of(bare).median()),
                        meter.read()));
            }
        }
    }

    private static String order(int number) {
        return ("{\"n\":%d,\"type\":\"order.created\",\"customer\":\"c-%d\",\"amount\":%d.5,"
                        + "\"lines\":[{\"sku\":\"s-%d\",\"count\":%d}]}")
                .formatted(number, number % 9_973, number % 1_000, number % 977, number % 7);
    }

    private static double bare(Lab lab, UserTopic topic) {
        try (LabProcess reader = lab.bareReader(topic.name())) {
            return Double.parseDouble(reader.ask("read", Stand.PATIENCE));
        }
    }

    /** From the first tenth on, so that neither is measured how soon the topic is noticed. */
    private static double rate(Stand stand, UserTopic topic, int round, int records) {
        String group = stand.platform().access().topics().listenerGroup(topic.name());
        stand.platform().apply("""
                id: listens_%d
                inputs: {n: integer, customer: string}
                triggers:
                  - id: orders
                    kafka: {topic: %s, from: earliest}
                    filter: event.type == "order.created" && event.n %% %d == 0
                    inputs: {n: "${{ event.n }}", customer: "${{ event.customer }}"}
                tasks:
                  - {id: a, wait: 1ms}
                """.formatted(round, topic.name(), ONE_IN));
        long first = awaitRead(stand, topic, group, records / 10);
        long beganNanos = System.nanoTime();
        long last = awaitRead(stand, topic, group, records);
        return (last - first) * 1e9 / (System.nanoTime() - beganNanos);
    }

    private static long awaitRead(Stand stand, UserTopic topic, String group, long count) {
        long deadline = System.nanoTime() + Stand.PATIENCE.toNanos();
        long read = topic.readBy(group);
        while (read < count) {
            stand.check();
            if (System.nanoTime() - deadline > 0) {
                throw new LabException("Only " + read + " records have been read");
            }
            Pause.of(LOOK);
            read = topic.readBy(group);
        }
        return read;
    }

    private static void awaitAll(Stand stand, Set<String> started, Set<String> twice, int runs) {
        long deadline = System.nanoTime() + Stand.PATIENCE.toNanos();
        while (started.size() < runs) {
            stand.check();
            if (System.nanoTime() - deadline > 0) {
                throw new LabException(started.size() + " runs have started, not " + runs);
            }
            Pause.of(Duration.ofMillis(100));
        }
        if (started.size() > runs || !twice.isEmpty()) {
            throw new LabException(started.size() + " runs have started, not " + runs + ", and more than once "
                    + new HashSet<>(twice));
        }
    }
}
