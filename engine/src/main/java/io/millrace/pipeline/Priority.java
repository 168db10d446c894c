package io.millrace.pipeline;

/** Which of the runs that wait for a slot is given it first; the lowest, too, have their turn (see the engine's {@code PriorityTurns}). */
public enum Priority {
    /** Whenever the others leave something over, and now and then all the same: what is made up for. */
    LOW,
    /** What does not say otherwise. */
    NORMAL,
    /** Before the others: what somebody waits for. */
    HIGH
}
