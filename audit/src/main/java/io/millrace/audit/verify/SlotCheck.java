package io.millrace.audit.verify;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunSlot;
import org.jspecify.annotations.Nullable;

/**
 * A run of a pipeline that lets only so many be under way asks for a slot when it begins or is opened again, and nothing of it is executed
 * before it is given one (G11).
 */
final class SlotCheck implements RunCheck {
    private final RunFacts run;
    private final Findings findings;
    private final SlotsCheck slots;
    private @Nullable RunSlot asked;
    private boolean held;

    SlotCheck(RunFacts run, SlotsCheck slots, Findings findings) {
        this.run = run;
        this.slots = slots;
        this.findings = findings;
    }

    @Override
    public void on(Step step) {
        if (run.pipeline().concurrency().isPresent()) {
            step.events().forEach(this::on);
        }
    }

    private void on(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        switch (value.getType()) {
            case RUN_QUEUED -> queued(event);
            case RUN_ADMITTED -> admitted(event);
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> ended(event);
            default -> {}
        }
        boolean executed = !value.getDispatched().isEmpty()
                || value.getTask().isPresent()
                        && value.getType() != RunEventType.REPORT_REJECTED
                        && value.getType() != RunEventType.TASK_CANCELLED;
        if (executed && !held) {
            findings.violation(
                    Guarantee.G11, run.id(), value.getType() + " although the run has no slot", event.position());
        }
    }

    private void queued(Recorded<RunEvent> event) {
        asked = event.value().getSlot().orElse(null);
        held = false;
        if (asked == null || asked.getAsked() != event.value().getSequence()) {
            findings.violation(Guarantee.G11, run.id(), "RUN_QUEUED names another event than itself", event.position());
        }
    }

    private void admitted(Recorded<RunEvent> event) {
        RunSlot given = event.value().getSlot().orElse(null);
        RunSlot wanted = asked;
        if (given == null
                || wanted == null
                || held
                || given.getAsked() != wanted.getAsked()
                || !given.getKey().equals(wanted.getKey())) {
            findings.violation(
                    Guarantee.G11, run.id(), "RUN_ADMITTED although the run asked for no such slot", event.position());
            return;
        }
        held = true;
        findings.checked(Guarantee.G11, "slots");
        slots.given(event, given);
    }

    private void ended(Recorded<RunEvent> event) {
        RunSlot slot = asked;
        if (slot == null) {
            findings.violation(
                    Guarantee.G11,
                    run.id(),
                    event.value().getType() + " of a run that asked for no slot",
                    event.position());
            return;
        }
        slots.ended(event, slot);
        asked = null;
        held = false;
    }
}
