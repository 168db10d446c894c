package io.millrace.worker.claim;

import io.millrace.worker.execute.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what was claimed, in a slot, and gives back what cannot be started.
 *
 * <p><b>Threading:</b> confined to the poll thread.
 */
final class TaskStarter {
    private static final Logger LOG = LoggerFactory.getLogger(TaskStarter.class);

    private final TaskRun runs;
    private final Reporter reporter;
    private final Cancellations cancellations;
    private final Slots slots;

    TaskStarter(TaskRun runs, Reporter reporter, Cancellations cancellations, Slots slots) {
        this.runs = runs;
        this.reporter = reporter;
        this.cancellations = cancellations;
        this.slots = slots;
    }

    void start(Claim claim) {
        StopSignal stop = slots.occupy(claim.id());
        cancellations.applyTo(claim.id(), stop);
        try {
            runs.start(claim, stop);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("There is no thread for {}", claim.id(), e);
            reporter.released(claim, "The worker could not start a thread for the task.");
            slots.reported();
            slots.free(claim.id());
        }
    }

    /** For a claim of which nobody knows whether it was made. */
    void giveBack(Claim claim) {
        reporter.released(claim, "The worker does not know whether its claim was made.");
    }
}
