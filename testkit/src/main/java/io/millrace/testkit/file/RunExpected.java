package io.millrace.testkit.file;

import io.millrace.expression.Document;
import io.millrace.expression.Place;
import io.millrace.pipeline.Durations;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.RehearsalResult;
import io.millrace.testkit.TaskResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What can be expected of a run as a whole. */
final class RunExpected {
    private RunExpected() {}

    /** That it ends so. */
    record Verdict(Place place, String verdict) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            if (!run.verdict().equals(verdict)) {
                String reason = run.reason().map(text -> ": " + text).orElse("");
                mismatches.accept(new Mismatch(place, "run", verdict, run.verdict() + reason));
            }
        }
    }

    /** That the reason for its end holds this text. */
    record Reason(Place place, String part) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            if (!run.reason().orElse("").contains(part)) {
                mismatches.accept(new Mismatch(
                        place,
                        "reason",
                        "something with \"" + part + "\"",
                        run.reason().map(text -> "\"" + text + "\"").orElse("none")));
            }
        }
    }

    /** That it takes at most this long. */
    record Within(Place place, Duration most) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            if (run.took().compareTo(most) > 0) {
                mismatches.accept(new Mismatch(
                        place, "within", "at most " + Durations.format(most), Durations.format(run.took())));
            }
        }
    }

    /** That it gives exactly this. */
    record Outputs(Place place, Document outputs) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            if (run.outputs().isEmpty()) {
                mismatches.accept(new Mismatch(place, "outputs", outputs.json(), "none"));
                return;
            }
            Values.difference("outputs", outputs.asMap(), run.outputs().get().asMap())
                    .ifPresent(found ->
                            mismatches.accept(new Mismatch(place, found.path(), found.expected(), found.actual())));
        }
    }

    /** That exactly these alerts are raised. */
    record Alerts(Place place, Set<String> rules) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            Set<String> raised = new TreeSet<>(run.alerts());
            if (!raised.equals(rules)) {
                mismatches.accept(new Mismatch(place, "alerts", words(rules), words(raised)));
            }
        }

        private static String words(Set<String> rules) {
            return rules.isEmpty() ? "none" : String.join(", ", rules);
        }
    }

    /** That these began one after another; others may have begun between them. */
    record Order(Place place, List<TaskId> tasks) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            List<TaskId> begun = run.begunInOrder().stream()
                    .filter(Set.copyOf(tasks)::contains)
                    .toList();
            if (!begun.equals(tasks)) {
                mismatches.accept(new Mismatch(place, "order", names(tasks), names(begun)));
            }
        }

        private static String names(List<TaskId> tasks) {
            return tasks.isEmpty()
                    ? "none of them"
                    : String.join(", ", tasks.stream().map(TaskId::value).toList());
        }
    }

    /** That a task was executed, or was not. */
    record Executed(Place place, TaskId task, boolean wanted) implements Expectation {
        @Override
        public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
            Optional<TaskResult> result = Optional.ofNullable(run.all().get(task));
            boolean executed = result.filter(TaskResult::executed).isPresent();
            if (executed != wanted) {
                String reason = result.flatMap(TaskResult::reason)
                        .map(text -> ": " + text)
                        .orElse("");
                mismatches.accept(new Mismatch(
                        place,
                        wanted ? "executed" : "not_executed",
                        task + (wanted ? " to be executed" : " not to be executed"),
                        executed ? "executed" : "not executed" + reason));
            }
        }
    }
}
