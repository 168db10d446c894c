package io.millrace.engine.simulation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the simulation knows of a task without having read the pipeline's file: it has written it.
 *
 * @param stage 0 for {@code tasks}, 1 for {@code on_failure}, 2 for {@code finally}
 * @param child the pipeline of which it starts a run, or null
 * @param source the task whose output it is given by {@code with}, or null
 * @param declares whether its output must have an integer {@code n}
 * @param checks whether {@code n} must be positive
 */
record PlannedTask(
        String id,
        int stage,
        List<String> needs,
        Rule rule,
        Kind kind,
        @Nullable String child,
        @Nullable PlannedItems items,
        PlannedCondition condition,
        @Nullable String source,
        boolean declares,
        boolean checks,
        PlannedRetry retry,
        long timeoutMillis,
        boolean failsWithWorker) {
    /** What it does. */
    enum Kind {
        SHELL,
        WAIT,
        APPROVAL,
        RUN
    }

    /** What must have become of its needs. */
    enum Rule {
        ALL_SUCCEEDED,
        ALL_DONE,
        NONE_FAILED,
        ANY_FAILED,
        ANY_SUCCEEDED;

        /** Whether one need may decide. */
        boolean isHasty() {
            return this == ANY_FAILED || this == ANY_SUCCEEDED;
        }
    }

    static final long WAIT_MILLIS = 3_000;

    /** Whether other tasks may look into its output for {@code n} or {@code failed}. */
    boolean gives() {
        return items != null || kind == Kind.SHELL || kind == Kind.RUN;
    }

    /** The expression by which others get at what it gives. */
    String given() {
        return "tasks." + id + ".output." + (items == null ? "n" : "failed");
    }
}
