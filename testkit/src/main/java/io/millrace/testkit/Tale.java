package io.millrace.testkit;

import io.millrace.engine.Failure;
import io.millrace.engine.RunEvent;
import io.millrace.expression.Document;
import io.millrace.pipeline.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happened in a run as people read it: {@code +40s  predict  attempt 1 failed: exit code 1; the next at +45s}. */
final class Tale {
    private static final int LONGEST_VALUE = 200;

    private final Instant begin;
    private final List<String[]> rows = new ArrayList<>();

    private Tale(Instant begin) {
        this.begin = begin;
    }

    static List<String> of(RehearsalResult run) {
        Tale tale = new Tale(run.begun());
        run.events().forEach(tale::add);
        int widest = tale.rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        int widestTask =
                tale.rows.stream().mapToInt(row -> row[1].length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        String form = "%-" + (widest + 2) + "s%-" + (widestTask + 2) + "s%s";
        tale.rows.forEach(row -> lines.add(form.formatted((Object[]) row)));
        run.waitsFor().forEach(wait -> lines.add("and then waits for " + wait));
        return lines;
    }

    private void add(RunEvent event) {
        String what = words(event);
        if (!what.isEmpty()) {
            rows.add(new String[] {
                time(event.at()),
                event.task() == null ? "the run" : event.task().value(),
                what
            });
        }
    }

    private String words(RunEvent event) {
        return switch (event.type()) {
            case RUN_STARTED -> "started" + with(event.inputs());
            case RUN_SUCCEEDED -> "succeeded" + with(event.output());
            case RUN_FAILED -> "failed" + because(event.reason());
            case RUN_CANCELLED -> "cancelled" + because(event.reason());
            case RUN_FINISHING ->
                "will have ended so: " + String.valueOf(event.outcome()).toLowerCase(Locale.ROOT)
                        + because(event.reason());
            case RUN_RERUN -> "is opened again" + because(event.reason());
            case RUN_QUEUED -> "waits for its turn among the runs of its pipeline";
            case RUN_ADMITTED -> "has its turn";
            case TASK_STARTED -> attempt(event) + " started";
            case TASK_SUCCEEDED -> "succeeded" + with(event.output());
            case TASK_RETRIED ->
                attempt(event) + " failed" + because(event.failure()) + "; the next at "
                        + (event.dueAt() == null ? "once" : time(event.dueAt()));
            case TASK_FAILED -> "failed" + because(event.failure());
            case TASK_LOST -> attempt(event) + " lost its worker" + because(event.reason());
            case TASK_RELEASED -> attempt(event) + " was given back" + because(event.reason());
            case TASK_SKIPPED -> "skipped" + because(event.reason());
            case TASK_UPSTREAM_FAILED -> "not executed" + because(event.reason());
            case TASK_CANCELLED -> "cancelled" + because(event.reason());
            case REPORT_REJECTED -> "said in vain" + because(event.reason());
            case TASK_DEFERRED -> deferred(event);
            case TASK_PROGRESSED ->
                "says how far it is"
                        + (event.progress() == null ? "" : ": " + Math.round(event.progress() * 100) + " %")
                        + (event.checkpoint() == null ? "" : ", can go on from " + shortened(event.checkpoint()));
            case TASK_QUEUED, TASK_EXPANDED -> "";
        };
    }

    private String deferred(RunEvent event) {
        if (event.items() != RunEvent.NO_ITEMS) {
            return "begins with " + event.items() + (event.items() == 1 ? " item" : " items");
        }
        String what = event.childRun() == null ? "waits" : "started a run and waits for its end";
        return event.dueAt() == null ? what : what + ", until " + time(event.dueAt());
    }

    private static String attempt(RunEvent event) {
        return "attempt " + event.delivery().attempt()
                + (event.delivery().epoch() > 1
                        ? " (delivery " + event.delivery().epoch() + ")"
                        : "");
    }

    private static String with(@Nullable Document document) {
        return document == null || document.isEmpty() ? "" : " " + shortened(document.json());
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ": " + reason;
    }

    private static String because(@Nullable Failure failure) {
        return failure == null ? "" : ": " + failure.message();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }

    private String time(Instant at) {
        return "+" + Durations.format(Duration.between(begin, at));
    }
}
