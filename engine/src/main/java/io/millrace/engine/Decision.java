package io.millrace.engine;

import java.util.List;

/**
 * What follows from one input: the changes to the run's state, the entries of the audit log, and what has to be done.
 * All of it takes place, or nothing; an empty decision says that the input changed nothing.
 */
public record Decision(List<Change> changes, List<RunEvent> events, List<Effect> effects) {
    /** Nothing follows. */
    public static final Decision NOTHING = new Decision(List.of(), List.of(), List.of());

    /** Whether nothing follows. */
    public boolean isEmpty() {
        return changes.isEmpty() && events.isEmpty() && effects.isEmpty();
    }
}
