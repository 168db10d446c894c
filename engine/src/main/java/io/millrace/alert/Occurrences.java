package io.millrace.alert;

import io.millrace.engine.RunId;
import io.millrace.expression.Document;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.Durations;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TaskId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened, with a sentence for people. */
public final class Occurrences {
    private static final Map<String, String> VERBS = Map.ofEntries(
            Map.entry("started", "began"),
            Map.entry("queued", "waits for a slot"),
            Map.entry("admitted", "was given a slot"),
            Map.entry("succeeded", "succeeded"),
            Map.entry("failed", "failed"),
            Map.entry("cancelled", "was cancelled"),
            Map.entry("rerun", "was opened again"),
            Map.entry("retried", "failed, and is tried again"),
            Map.entry("lost", "lost its worker"),
            Map.entry("skipped", "was skipped"),
            Map.entry("upstream_failed", "was not begun, for what it needs did not succeed"));

    private Occurrences() {}

    /**
     * An event of a run.
     *
     * @param message what is to be said of it; null for a sentence of ours
     * @param facts what a run tells of it
     */
    public static Occurrence of(
            RunId run, @Nullable TaskId task, Instant at, @Nullable String message, Document facts) {
        return new Occurrence(at, run, task, message == null ? sentence(facts.asMap(), task) : message, facts);
    }

    /** A run has not ended in time. @param facts what it told when it began */
    public static Occurrence late(RunId run, Instant dueAt, Instant now, Document facts) {
        String text = text(facts.asMap(), "pipeline") + ": the run has not ended by " + seconds(dueAt)
                + "; it began at " + text(facts.asMap(), "started_at");
        return new Occurrence(now, run, null, text, facts);
    }

    /** Something that is expected has not happened. @param since when it did last, or was first expected */
    public static Occurrence silent(PipelineId pipeline, AlertCause.Silence silence, Instant since, Instant now) {
        String what = silence.event().word()
                + silence.task().map(task -> " of " + task).orElse("");
        String text = pipeline + ": no " + what + " since " + seconds(since) + ", which is longer than "
                + Durations.format(silence.within());
        Document facts = Document.of(Map.of(
                "event", "silence",
                "expected", silence.event().word(),
                "pipeline", pipeline.value(),
                "since", since.toString()));
        return new Occurrence(now, null, null, text, facts);
    }

    private static String sentence(Map<String, ?> facts, @Nullable TaskId task) {
        String event = text(facts, "event");
        String happened = event.substring(event.indexOf('.') + 1);
        String subject = task == null ? "the run" : "the task " + task;
        return text(facts, "pipeline") + ": " + subject + " " + VERBS.getOrDefault(happened, happened) + why(facts);
    }

    /** The reason, and the line that most likely says the root of it. */
    private static String why(Map<String, ?> facts) {
        List<String> parts = new ArrayList<>();
        if (facts.get("reason") instanceof String reason && !reason.isBlank()) {
            parts.add(reason);
        }
        if (facts.get("stderr") instanceof List<?> tail && !tail.isEmpty()) {
            parts.add(String.valueOf(tail.get(tail.size() - 1)).strip());
        } else if (facts.get("error") instanceof Map<?, ?> error && error.get("message") instanceof String message) {
            parts.add(message);
        }
        parts.removeIf(String::isEmpty);
        return parts.isEmpty() ? "" : ": " + String.join(": ", parts);
    }

    private static String text(Map<String, ?> facts, String member) {
        return Objects.toString(facts.get(member), "");
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
