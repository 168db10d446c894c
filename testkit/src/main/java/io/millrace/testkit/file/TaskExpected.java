package io.millrace.testkit.file;

import io.millrace.engine.Failure;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.expression.Place;
import io.millrace.pipeline.TaskId;
import io.millrace.testkit.RehearsalResult;
import io.millrace.testkit.TaskResult;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What is expected of one task or item: something that its result is, or is not.
 *
 * @param what the key of the expectation
 * @param check gives the expected and the actual where they differ
 */
record TaskExpected(Place place, TaskId task, String what, BiFunction<RehearsalResult, TaskResult, Optional<Was>> check)
        implements Expectation {
    /** What was otherwise. @param below where below the key, such as {@code .score} */
    record Was(String below, String expected, String actual) {}

    @Override
    public void judge(RehearsalResult run, Consumer<Mismatch> mismatches) {
        String path = "tasks." + task + "." + what;
        TaskResult result = run.all().get(task);
        if (result == null) {
            mismatches.accept(new Mismatch(place, path, "an item " + task, "no such item"));
            return;
        }
        check.apply(run, result)
                .ifPresent(was ->
                        mismatches.accept(new Mismatch(place, path + was.below(), was.expected(), was.actual())));
    }

    static TaskExpected status(Place place, TaskId task, TaskStatus expected) {
        return new TaskExpected(
                place,
                task,
                "status",
                (run, result) -> result.status() == expected
                        ? Optional.empty()
                        : Optional.of(new Was("", word(expected), word(result.status()) + why(result))));
    }

    static TaskExpected attempts(Place place, TaskId task, int expected) {
        return new TaskExpected(
                place,
                task,
                "attempts",
                (run, result) -> result.attempts() == expected
                        ? Optional.empty()
                        : Optional.of(new Was("", "" + expected, "" + result.attempts())));
    }

    static TaskExpected output(Place place, TaskId task, Document expected) {
        return new TaskExpected(place, task, "output", (run, result) -> {
            if (result.output().isEmpty()) {
                return Optional.of(new Was("", expected.json(), "none, for the task is " + word(result.status())));
            }
            return Values.difference("", expected.asMap(), result.output().get().asMap())
                    .map(found -> new Was(found.path(), found.expected(), found.actual()));
        });
    }

    static TaskExpected after(Place place, TaskId task, TaskId other) {
        return new TaskExpected(place, task, "after", (run, result) -> {
            TaskResult before = run.all().get(other);
            if (before != null && result.beganAfter(before)) {
                return Optional.empty();
            }
            String was = !result.executed()
                    ? task + " not executed"
                    : before == null || before.ended().isEmpty() ? other + " not ended" : "begun before that";
            return Optional.of(new Was("", task + " to begin after the end of " + other, was));
        });
    }

    static TaskExpected failureKind(Place place, TaskId task, Failure.Kind expected) {
        return new TaskExpected(
                place,
                task,
                "failure.kind",
                (run, result) -> result.failure().map(Failure::kind).equals(Optional.of(expected))
                        ? Optional.empty()
                        : Optional.of(new Was("", expected.name().toLowerCase(Locale.ROOT), failure(result))));
    }

    static TaskExpected failureMessage(Place place, TaskId task, String part) {
        return new TaskExpected(
                place,
                task,
                "failure.message",
                (run, result) -> result.failure()
                                .filter(failure -> failure.message().contains(part))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of(new Was("", "something with \"" + part + "\"", failure(result))));
    }

    private static String failure(TaskResult result) {
        return result.failure()
                .map(failure -> failure.kind().name().toLowerCase(Locale.ROOT) + ": " + failure.message())
                .orElse("no failure");
    }

    private static String why(TaskResult result) {
        return result.reason()
                .or(() -> result.failure().map(Failure::message))
                .map(text -> " (" + text + ")")
                .orElse("");
    }

    static String word(TaskStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
