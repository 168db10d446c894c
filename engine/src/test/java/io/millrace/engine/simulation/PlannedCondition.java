package io.millrace.engine.simulation;

/**
 * The condition of a task.
 *
 * @param about the task, or the status of the run, that it asks for
 */
record PlannedCondition(Kind kind, String about, long than) {
    /** What it asks. */
    enum Kind {
        NONE,
        NEVER,
        INPUT,
        OUTPUT,
        STATUS,
        RUN_STATUS
    }

    static final PlannedCondition NONE = new PlannedCondition(Kind.NONE, "", 0);
}
