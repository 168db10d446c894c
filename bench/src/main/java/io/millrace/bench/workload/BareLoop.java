package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The limit, measured: medians of windows of a second. */
final class BareLoop {
    static final String CLAIMED = "claimed";
    static final String TRANSACTIONAL = "transactional";

    private static final int MANY = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private BareLoop() {}

    private record Window(double rate, double median, double p99) {}

    /** How long a round of a single token takes, in milliseconds. */
    record Round(double p50, double p99) {}

    /** Tasks a second with 4,000 tokens in flight. */
    static double rate(Lab lab, Effort effort) {
        return Spread.of(windows(lab, effort, CLAIMED, MANY).stream()
                        .map(Window::rate)
                        .toList())
                .median();
    }

    /** The rounds of a single token. */
    static Round round(Lab lab, Effort effort, String way) {
        List<Window> windows = windows(lab, effort, way, 1);
        return new Round(
                Spread.of(windows.stream().map(Window::median).toList()).median(),
                Spread.of(windows.stream().map(Window::p99).toList()).median());
    }

    private static List<Window> windows(Lab lab, Effort effort, String way, int tokens) {
        List<LabProcess> sides = lab.bareLoop(way, tokens);
        LabProcess hand = sides.get(0);
        try {
            long seconds = Math.min(30, effort.warmUp().toSeconds());
            for (int i = 0; i < seconds; i++) {
                hand.await("window", PATIENCE);
            }
            List<Window> windows = new ArrayList<>();
            for (int i = 0; i < effort.windows() * effort.window().toSeconds(); i++) {
                String[] said = hand.await("window", PATIENCE).split(" ", -1);
                windows.add(new Window(
                        Double.parseDouble(said[0]), Double.parseDouble(said[1]), Double.parseDouble(said[2])));
            }
            return windows;
        } finally {
            sides.forEach(LabProcess::close);
        }
    }
}
