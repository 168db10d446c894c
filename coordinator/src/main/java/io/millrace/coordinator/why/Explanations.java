package io.millrace.coordinator.why;

import io.millrace.coordinator.fleet.WorkerView;
import io.millrace.coordinator.query.RunSummary;
import io.millrace.coordinator.query.RunView;
import io.millrace.coordinator.query.TaskPhase;
import io.millrace.coordinator.query.TaskView;
import io.millrace.engine.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Answers "why": for a task, and for a run by those of its tasks that are in the way of its end. Pure. */
public final class Explanations {
    private static final int MOST_REASONS = 20;

    private Explanations() {}

    /**
     * What the workers say, and when it is asked.
     *
     * @param workers all that were heard of
     * @param lease how long a worker may be silent
     */
    public record Circumstances(List<WorkerView> workers, Duration lease, Instant now) {}

    /** Why a task is where it is. @param tasks finds the other tasks of its run */
    public static Why of(TaskView task, Function<String, Optional<TaskView>> tasks, Circumstances circumstances) {
        Reason reason = explain(tasks, circumstances).explain(task);
        return new Why(sentence(reason.sentence()), List.of(reason));
    }

    /**
     * Why a run has not ended, or ended as it did.
     *
     * @param run with at least some of its tasks
     * @param open tasks that have begun and not ended, at least some
     */
    public static Why of(
            RunView run, List<TaskView> open, Function<String, Optional<TaskView>> tasks, Circumstances circumstances) {
        RunSummary summary = run.summary();
        TaskWhy why = explain(tasks, circumstances);
        if (summary.status().hasEnded()) {
            return ended(run, why);
        }
        if (summary.status() == RunStatus.QUEUED) {
            String waits = "as many runs of the pipeline " + summary.pipeline()
                    + " are under way as its `concurrency` allows, or of its pool as that has slots, and this one waits for its"
                    + " turn";
            return new Why(sentence(waits), List.of(Reason.of(Reason.Kind.WAITS_FOR_SLOT, Optional.empty(), waits)));
        }
        List<Reason> reasons = new ArrayList<>(open.stream()
                .map(why::explain)
                .sorted(Comparator.comparing(reason -> urgency(reason.kind())))
                .toList());
        if (reasons.isEmpty()) {
            String begun = "the run has been going on for " + Spans.text(summary.startedAt(), circumstances.now())
                    + ", and its next step is about to be taken";
            return new Why(sentence(begun), List.of(Reason.of(Reason.Kind.WAITS_FOR_TASKS, Optional.empty(), begun)));
        }
        int others = run.counts().entrySet().stream()
                        .filter(count -> isOpen(count.getKey()))
                        .mapToInt(count -> count.getValue())
                        .sum()
                - 1;
        String first = reasons.get(0).sentence()
                + (others > 0
                        ? "; " + others + (others == 1 ? " other task has" : " other tasks have")
                                + " begun and not ended"
                        : "");
        String finishing = summary.finishing()
                .map(outcome -> "the run will have " + outcome.name().toLowerCase(Locale.ROOT)
                        + ", once its last tasks have ended: ")
                .orElse("");
        return new Why(sentence(finishing + first), reasons.subList(0, Math.min(MOST_REASONS, reasons.size())));
    }

    private static Why ended(RunView run, TaskWhy why) {
        RunSummary summary = run.summary();
        String how = "the run has "
                + (summary.status() == RunStatus.CANCELLED
                        ? "been cancelled"
                        : summary.status().name().toLowerCase(Locale.ROOT))
                + summary.reason()
                        .filter(text -> !text.isBlank())
                        .map(text -> ": " + text)
                        .orElse("");
        List<Reason> reasons = new ArrayList<>();
        reasons.add(Reason.of(Reason.Kind.ENDED, Optional.empty(), how).between(summary.endedAt(), Optional.empty()));
        run.tasks().stream()
                .filter(task -> task.status() == TaskPhase.FAILED)
                .limit(MOST_REASONS - 1)
                .map(why::explain)
                .forEach(reasons::add);
        return new Why(sentence(how), reasons);
    }

    /** Whether a task of this state is what the run's end waits for; those that wait for others are not. */
    public static boolean isOpen(TaskPhase phase) {
        return switch (phase) {
            case QUEUED, RUNNING, DEFERRED, RETRYING -> true;
            default -> false;
        };
    }

    /** What needs a hand first. */
    private static int urgency(Reason.Kind kind) {
        return switch (kind) {
            case NO_WORKER -> 0;
            case WORKER_LOST -> 1;
            case WAITS_FOR_ANSWER -> 2;
            case RETRYING -> 3;
            case RUNNING -> 4;
            case QUEUED -> 5;
            case WAITS_FOR_RUN -> 6;
            case WAITS_FOR_TIME -> 7;
            case WAITS_FOR_ITEMS -> 8;
            case WAITS_FOR_TASKS, WAITS_FOR_SLOT, ENDED -> 9;
        };
    }

    private static TaskWhy explain(Function<String, Optional<TaskView>> tasks, Circumstances circumstances) {
        return new TaskWhy(tasks, circumstances.workers(), circumstances.lease(), circumstances.now());
    }

    private static String sentence(String words) {
        String capital = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }
}
