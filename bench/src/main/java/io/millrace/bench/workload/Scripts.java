package io.millrace.bench.workload;

import io.millrace.bench.figure.Effort;
import io.millrace.bench.figure.Progress;
import io.millrace.bench.figure.Result;
import io.millrace.bench.figure.Spread;
import io.millrace.bench.figure.Workload;
import io.millrace.bench.lab.Lab;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.lab.PlatformShape;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * W9: chains of scripts in Python that compute Fibonacci's numbers in the slow way, held against one Python that does the same in
 * a loop, its start included.
 */
public final class Scripts implements Workload {
    private static final List<Script> SCRIPTS = List.of(new Script(40, 10), new Script(10, 33));
    private static final int SLOTS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String id() {
        return "W9";
    }

    @Override
    public String title() {
        return "chains of scripts in Python: 40 of fibo(10), 10 of fibo(33)";
    }

    /** So many times the same number of Fibonacci's. */
    private record Script(int tasks, int number) {
        private static final String FIBO = "def fibo(n): return n if n < 2 else fibo(n - 1) + fibo(n - 2)";

        String pipeline() {
            return "fibo_" + number;
        }

        String yaml() {
            StringBuilder yaml = new StringBuilder("id: " + pipeline() + "\ntasks:\n");
            for (int i = 1; i <= tasks; i++) {
                yaml.append("  - id: t%d\n%s    python: |\n      %s\n      print(fibo(%d))\n"
                        .formatted(i, i == 1 ? "" : "    needs: t" + (i - 1) + "\n", FIBO, number));
            }
            return yaml.toString();
        }

        String loop() {
            return "%s%nfor _ in range(%d): print(fibo(%d))%n".formatted(FIBO, tasks, number);
        }
    }

    @Override
    public List<Result> measure(Lab lab, Effort effort, Progress progress) {
        progress.at("starting a coordinator and a worker");
        List<Result> results = new ArrayList<>();
        try (Stand stand = Stand.of(lab, PlatformShape.withSlots(SLOTS))) {
            warmUp(stand, SCRIPTS.get(0), effort, progress);
            for (Script script : SCRIPTS) {
                results.add(measure(stand, script, effort, progress));
            }
        }
        return results;
    }

    private static void warmUp(Stand stand, Script script, Effort effort, Progress progress) {
        progress.at("warming up");
        stand.platform().apply(script.yaml());
        long warmNanos = System.nanoTime() + effort.warmUp().toNanos();
        do {
            stand.run(script.pipeline(), "{}");
        } while (System.nanoTime() < warmNanos);
    }

    private Result measure(Stand stand, Script script, Effort effort, Progress progress) {
        String name = "%d × fibo(%d)".formatted(script.tasks(), script.number());
        progress.at(name);
        stand.platform().apply(script.yaml());
        Meter meter = new Meter(stand.processes());
        List<Double> chain = new ArrayList<>();
        List<Double> loop = new ArrayList<>();
        for (int round = 0; round < effort.rounds(); round++) {
            chain.add(seconds(() -> stand.run(script.pipeline(), "{}")));
            loop.add(seconds(() -> python(script.loop())));
            progress.at("%s: %.2f s, in a loop %.2f s".formatted(name, chain.get(round), loop.get(round)));
        }
        return new Result(
                id(),
                name,
                "s",
                Spread.of(chain),
                OptionalDouble.of(Spread.of(loop).median()),
                meter.read());
    }

    private static double seconds(Runnable what) {
        long beganNanos = System.nanoTime();
        what.run();
        return (System.nanoTime() - beganNanos) / 1e9;
    }

    private static void python(String program) {
        try {
            Process python = new ProcessBuilder("python3", "-c", program)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!python.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                python.destroyForcibly();
                throw new LabException("The loop in Python has not ended for " + PATIENCE.toSeconds() + " s");
            }
            if (python.exitValue() != 0) {
                throw new LabException("The loop in Python ended with " + python.exitValue());
            }
        } catch (IOException e) {
            throw new LabException("There is no python3 here: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("The bench was interrupted");
        }
    }
}
