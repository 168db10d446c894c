package io.millrace.audit.verify;

/** Holds one run to one rule, as its events come. There is one for each run and rule, from the run's beginning to its end. */
interface RunCheck {
    /** The engine's next step, whole. */
    void on(Step step);

    /** No more is read, and the run is open. */
    default void atEnd() {}
}
