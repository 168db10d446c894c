package io.millrace.alert;

/** How an alert is. */
public enum AlertPhase {
    /** Nothing is wrong that anybody was told of; it may have happened less often than the rule says. */
    QUIET,
    /** Somebody is told. */
    OPEN,
    /** Somebody looks after it: nobody is told again before it is well. */
    ACKNOWLEDGED,
    /** It is well again. */
    RESOLVED;

    /** Whether something is wrong. */
    public boolean isRaised() {
        return this == OPEN || this == ACKNOWLEDGED;
    }
}
