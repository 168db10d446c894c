package io.millrace.worker.claim;

import io.millrace.event.LogPosition;
import io.millrace.worker.execute.Failure;
import io.millrace.worker.execute.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Reports outcomes, each until it is acknowledged.
 *
 * <p><b>Threading:</b> any number of executing threads.
 */
final class Reporter {
    private final WorkerRecords records;
    private final DurableSender sender;

    Reporter(WorkerRecords records, DurableSender sender) {
        this.records = records;
        this.sender = sender;
    }

    void outcome(Claim claim, Outcome outcome, @Nullable LogPosition logs) {
        sender.send(records.outcome(claim, outcome, logs), metadata -> {
            // A lost outcome would leave the task running for ever, so a topic that takes only small records gets a
            // small one.
            if (metadata == null && !(outcome instanceof Outcome.Stopped)) {
                Outcome small = new Outcome.Failed(
                        Failure.permanent("The outcome is larger than the topic task-events takes, and was lost."));
                sender.send(records.outcome(claim, small, logs), ignored -> {});
            }
        });
    }

    /** Gives back a task that was perhaps claimed and is not executed. */
    void released(Claim claim, String reason) {
        sender.send(records.released(claim, reason, null), ignored -> {});
    }
}
