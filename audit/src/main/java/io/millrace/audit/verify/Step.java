package io.millrace.audit.verify;

import io.millrace.event.Cause;
import io.millrace.event.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events that the engine wrote about a run in one go: they follow each other and have one cause. Only after the last of
 * them is the run in a state that has to make sense.
 */
final class Step {
    private final List<Recorded<RunEvent>> events = new ArrayList<>(2);

    /** Takes an event of the step. @return false when it belongs to a later one */
    boolean takes(Recorded<RunEvent> event) {
        if (!events.isEmpty() && !sameStep(events.get(0).value(), event.value())) {
            return false;
        }
        events.add(event);
        return true;
    }

    List<Recorded<RunEvent>> events() {
        return events;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    private static boolean sameStep(RunEvent first, RunEvent next) {
        Optional<Cause> cause = first.getCause();
        return cause.equals(next.getCause()) && first.getAt().equals(next.getAt());
    }
}
