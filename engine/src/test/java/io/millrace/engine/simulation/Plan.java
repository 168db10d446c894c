package io.millrace.engine.simulation;

import io.millrace.pipeline.Concurrency;
import io.millrace.pipeline.Concurrency.Conflict;
import io.millrace.pipeline.Priority;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as the simulation means it. The engine gets the file.
 *
 * @param limit how many of its runs with the same {@code k} may be under way; 0 for any number
 * @param conflict what becomes of one that is too many
 * @param pooled whether its runs take their slots of the one pool that there is
 * @param source the task whose {@code n} the run gives, or null
 */
record Plan(
        String id,
        long timeoutMillis,
        int limit,
        Conflict conflict,
        boolean pooled,
        List<PlannedTask> tasks,
        @Nullable String source) {
    /** How many slots the pool has. */
    static final int POOL_SLOTS = 2;

    /** Whether its runs wait for a slot before they begin. */
    boolean waits() {
        return limit > 0 || pooled;
    }

    /** How many of its runs with the same {@code k} may be under way. */
    int most() {
        return limit == 0 ? Concurrency.ANY_NUMBER : limit;
    }

    /** Among the runs that wait. */
    Priority priority() {
        return Priority.values()[id.charAt(id.length() - 1) % Priority.values().length];
    }

    PlannedTask task(String task) {
        return tasks.stream().filter(each -> each.id().equals(task)).findFirst().orElseThrow();
    }

    boolean hasTasksAfter() {
        return tasks.stream().anyMatch(task -> task.stage() > 0);
    }

    /** The pipeline's file. */
    String file() {
        StringBuilder file = new StringBuilder("id: ").append(id).append('\n');
        file.append("inputs: {k: {type: integer, default: 1}, l: {type: list, default: [1, 2, 3]}}\n");
        if (timeoutMillis > 0) {
            file.append("timeout: ").append(timeoutMillis).append("ms\n");
        }
        if (waits()) {
            file.append("concurrency: {priority: ").append(lower(priority()));
            file.append(pooled ? ", pool: shared" : "");
            if (limit > 0) {
                file.append(", limit: ").append(limit).append(", key: inputs.k, conflict: ");
                file.append(lower(conflict));
            }
            file.append("}\n");
        }
        if (source != null) {
            file.append("outputs: {n: \"${{ ").append(task(source).given()).append(" }}\"}\n");
        }
        List<String> keys = List.of("tasks", "on_failure", "finally");
        for (int stage = 0; stage < keys.size(); stage++) {
            int here = stage;
            List<PlannedTask> list =
                    tasks.stream().filter(task -> task.stage() == here).toList();
            if (!list.isEmpty()) {
                file.append(keys.get(stage)).append(":\n");
                list.forEach(task -> append(file, task));
            }
        }
        return file.toString();
    }

    private void append(StringBuilder file, PlannedTask task) {
        file.append("  - id: ").append(task.id()).append('\n');
        line(
                file,
                switch (task.kind()) {
                    case SHELL -> "shell: \"true\"";
                    case WAIT -> "wait: " + PlannedTask.WAIT_MILLIS + "ms";
                    case APPROVAL -> "approval: May it go on?";
                    case RUN -> "run: " + task.child();
                });
        if (!task.needs().isEmpty()) {
            line(file, "needs: " + task.needs());
            line(file, "trigger_rule: " + lower(task.rule()));
        }
        PlannedItems items = task.items();
        if (items != null) {
            line(
                    file,
                    "for_each: {items: " + (items.list() == null ? "inputs.l" : items.list())
                            + (items.window() == 0 ? "" : ", max_parallel: " + items.window())
                            + ", on_item_failure: " + lower(items.policy()) + "}");
        }
        condition(file, task.condition());
        with(file, task);
        if (task.declares()) {
            line(file, "outputs: {n: integer}");
        }
        if (task.checks()) {
            line(file, "check: output.n > 0");
        }
        retry(file, task.retry());
        if (task.timeoutMillis() > 0) {
            line(file, "timeout: " + task.timeoutMillis() + "ms");
        }
        if (task.failsWithWorker()) {
            line(file, "on_worker_loss: fail");
        }
    }

    private void condition(StringBuilder file, PlannedCondition condition) {
        String text = switch (condition.kind()) {
            case NONE -> "";
            case NEVER -> "2 < 1";
            case INPUT -> "inputs.k > " + condition.than();
            case OUTPUT -> task(condition.about()).given() + " > " + condition.than();
            case STATUS -> "tasks." + condition.about() + ".status == 'succeeded'";
            case RUN_STATUS -> "run.status == '" + condition.about() + "'";
        };
        if (!text.isEmpty()) {
            line(file, "if: \"" + text + "\"");
        }
    }

    private void with(StringBuilder file, PlannedTask task) {
        StringBuilder with = new StringBuilder();
        if (task.source() != null) {
            with.append(task.kind() == PlannedTask.Kind.RUN ? "k" : "n")
                    .append(": \"${{ ")
                    .append(task(task.source()).given())
                    .append(" }}\"");
        }
        if (task.items() != null && task.kind() == PlannedTask.Kind.SHELL) {
            with.append(with.isEmpty() ? "" : ", ").append("i: \"${{ item }}\"");
        }
        if (!with.isEmpty()) {
            line(file, "with: {" + with + "}");
        }
    }

    private static void retry(StringBuilder file, PlannedRetry retry) {
        if (retry.max() == 0) {
            return;
        }
        String objection = switch (retry.objection()) {
            case NONE -> "";
            case LATER -> ", if: error.attempt < 2";
            case TIMEOUT -> ", if: \"error.kind != 'timeout'\"";
        };
        line(
                file,
                "retry: {max: " + retry.max() + ", backoff: " + retry.backoffMillis() + "ms, factor: " + retry.factor()
                        + ", jitter: " + retry.jitter() + ", cap: " + retry.capMillis() + "ms" + objection + "}");
    }

    private static void line(StringBuilder file, String text) {
        file.append("    ").append(text).append('\n');
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
