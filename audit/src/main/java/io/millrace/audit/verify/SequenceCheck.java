package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import org.jspecify.annotations.Nullable;

/** The events of a run count from 1 without a gap and without a repeat; the first, and no other, says that it began (G6). */
final class SequenceCheck implements RunCheck {
    private final String run;
    private final Findings findings;
    private long sequence;
    private @Nullable Position last;

    SequenceCheck(String run, Findings findings) {
        this.run = run;
        this.findings = findings;
    }

    @Override
    public void on(Step step) {
        for (Recorded<RunEvent> event : step.events()) {
            long next = event.value().getSequence();
            findings.checked(Guarantee.G6, "events of runs");
            if (next != sequence + 1) {
                findings.violation(
                        Guarantee.G6,
                        run,
                        "event " + next + " follows event " + sequence,
                        last == null ? event.position() : last,
                        event.position());
            } else if ((event.value().getType() == RunEventType.RUN_STARTED) != (next == 1)) {
                findings.violation(
                        Guarantee.G6,
                        run,
                        "event " + next + " is " + event.value().getType(),
                        event.position());
            }
            sequence = next;
            last = event.position();
        }
    }
}
