package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.TaskId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What people want to know who are told of an event: as much of it as fits into a message. */
final class AlertFacts {
    /** The lines of standard error, and the tasks before, that a message can show. */
    private static final int MOST_LINES = 10;

    private static final int MOST_CHARACTERS = 2_000;

    private AlertFacts() {}

    /** What people want to know: where it happened, why, what went before. */
    static Document of(Step step, RunEvent event, List<RunEvent> events) {
        RunHead head = step.head();
        Map<String, @Nullable Object> facts = new TreeMap<>();
        facts.put("event", event.type().name().toLowerCase(Locale.ROOT).replaceFirst("_", "."));
        facts.put("at", event.at().toString());
        facts.put("run_id", step.id.value());
        facts.put("pipeline", head.pipeline().value());
        facts.put("version", (long) head.version());
        facts.put("trigger", head.trigger().kind().name().toLowerCase(Locale.ROOT));
        facts.put("logical_time", head.logicalTime().toString());
        facts.put("started_at", head.startedAt().toString());
        facts.put("sequence", event.sequence());
        if (event.reason() != null) {
            facts.put("reason", cut(event.reason()));
        }
        RunEvent cause = event.task() == null ? failed(events).orElse(event) : event;
        TaskId task = cause.task();
        if (task != null) {
            facts.put("task", task.value());
            facts.put("attempt", (long) cause.delivery().attempt());
            facts.put(
                    "before",
                    step.definition(task).needs().stream()
                            .limit(MOST_LINES)
                            .map(need -> need.value() + " "
                                    + RunScope.inWords(step.task(need).status()))
                            .toList());
        }
        Claimant claimant = cause.claimant();
        if (claimant != null) {
            facts.put("worker", claimant.worker());
        }
        Failure failure = cause.failure();
        if (failure != null) {
            Map<String, @Nullable Object> error = new LinkedHashMap<>(
                    new TreeMap<>(failure.asError(cause.delivery().attempt())));
            error.put("message", cut(failure.message()));
            facts.put("error", error);
            List<String> tail = failure.stderrTail();
            facts.put(
                    "stderr",
                    tail.subList(Math.max(0, tail.size() - MOST_LINES), tail.size()).stream()
                            .map(AlertFacts::cut)
                            .toList());
        }
        return Document.ofValue(facts);
    }

    /** Why a run failed, where it was in the same step. */
    private static Optional<RunEvent> failed(List<RunEvent> events) {
        return events.stream()
                .filter(event -> event.type() == RunEventType.TASK_FAILED)
                .findFirst();
    }

    static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }
}
