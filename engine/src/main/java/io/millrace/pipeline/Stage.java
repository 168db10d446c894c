package io.millrace.pipeline;

/** When the tasks of a run are due: those of one stage begin after every task of the stage before has ended. */
public enum Stage {
    /** The tasks under {@code tasks}: they decide how the run ends. */
    MAIN("tasks"),
    /** The tasks under {@code on_failure}: executed when the run is about to fail, skipped otherwise. */
    ON_FAILURE("on_failure"),
    /** The tasks under {@code finally}: executed however the run ends. */
    FINALLY("finally");

    private final String key;

    Stage(String key) {
        this.key = key;
    }

    /** The key of the pipeline's file under which its tasks stand. */
    public String key() {
        return key;
    }
}
