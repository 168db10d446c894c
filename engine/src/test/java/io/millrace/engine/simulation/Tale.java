package io.millrace.engine.simulation;

import io.millrace.engine.Decision;
import io.millrace.engine.Effect;
import io.millrace.engine.Input;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunId;
import io.millrace.pipeline.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What happened, in the order in which it did, for whoever has to understand a failure. Costs nothing until it is wanted. */
final class Tale {
    private final boolean wanted;
    private final List<String> lines = new ArrayList<>();
    private final Map<RunId, String> names = new HashMap<>();

    Tale(boolean wanted) {
        this.wanted = wanted;
    }

    boolean isWanted() {
        return wanted;
    }

    List<String> lines() {
        return lines;
    }

    void says(ModelClock clock, String line) {
        if (wanted) {
            lines.add("%8.3f s  %s".formatted(clock.passed() / 1000.0, line));
        }
    }

    void step(ModelClock clock, RunId run, Input input, Decision decision) {
        if (!wanted) {
            return;
        }
        String name = names.computeIfAbsent(run, each -> "run " + (char) ('A' + names.size() % 26));
        says(clock, name + ": " + inShort(input));
        for (RunEvent event : decision.events()) {
            says(clock, "    #" + event.sequence() + " " + inShort(event));
        }
        for (Effect effect : decision.effects()) {
            if (!(effect instanceof Effect.DispatchTask)) {
                says(clock, "    " + effect.getClass().getSimpleName());
            }
        }
    }

    private static String inShort(Input input) {
        if (input instanceof Input.Report report) {
            return report.getClass().getSimpleName() + " " + Oracle.line(report.task(), report.delivery()) + " by "
                    + report.claimant().incarnation()
                    + (report instanceof Input.TaskSucceeded succeeded
                            ? " " + succeeded.output().json()
                            : "");
        }
        return input instanceof Input.StartRun start
                ? "StartRun " + start.inputs().json()
                : input.toString();
    }

    private static String inShort(RunEvent event) {
        String task = event.task() == null ? "" : " " + Oracle.line(event.task(), event.delivery());
        String dispatched = event.dispatched().stream().map(TaskId::value).collect(Collectors.joining(", "));
        return event.type()
                + task
                + (dispatched.isEmpty() ? "" : " → " + dispatched)
                + (event.reason() == null ? "" : " (" + event.reason() + ")");
    }
}
