package io.millrace.audit.verify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the events so far say of one task. */
final class TaskTrail {
    /** The states that can be told apart in the log. */
    enum Phase {
        WAITING,
        QUEUED,
        RUNNING,
        DEFERRED,
        RETRYING,
        SUCCEEDED,
        FAILED,
        SKIPPED,
        UPSTREAM_FAILED,
        CANCELLED;

        boolean hasEnded() {
            return compareTo(SUCCEEDED) >= 0;
        }

        boolean isFailure() {
            return this == FAILED || this == UPSTREAM_FAILED;
        }
    }

    Phase phase = Phase.WAITING;
    Delivery delivery;

    @Nullable
    String worker;

    @Nullable
    String incarnation;
    /** When something was to happen to it, as the log says; null when nothing was. */
    @Nullable
    Instant dueAt;

    TaskTrail(String task) {
        delivery = new Delivery(task, 0, 0);
    }

    /** It stands still in this phase, or has ended in it. */
    void become(Phase next, @Nullable Instant newDueAt) {
        phase = next;
        dueAt = newDueAt;
        worker = null;
        incarnation = null;
    }

    boolean isHeldBy(@Nullable String otherWorker, @Nullable String otherIncarnation) {
        return worker != null
                && worker.equals(otherWorker)
                && String.valueOf(incarnation).equals(otherIncarnation);
    }
}
