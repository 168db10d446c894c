package io.millrace.coordinator.why;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One reason why a task is where it is.
 *
 * @param kind what sort of reason
 * @param sentence the same for people; without a full stop
 * @param task the task that it is about; empty when it is the run
 * @param tasks the other tasks that are concerned: those that it waits for
 * @param queue the queue that it lies in
 * @param worker the worker that executes it, or did so last
 * @param run the run that it waits for
 * @param since since when it is so
 * @param until when that will change by itself
 */
public record Reason(
        Kind kind,
        String sentence,
        Optional<String> task,
        List<String> tasks,
        Optional<String> queue,
        Optional<String> worker,
        Optional<String> run,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** The sorts of reasons. */
    public enum Kind {
        /** As many runs of its pipeline are under way as it allows. */
        WAITS_FOR_SLOT,
        /** Others have to end before it. */
        WAITS_FOR_TASKS,
        /** It lies in a queue that live workers serve. */
        QUEUED,
        /** It lies in a queue that no live worker serves. */
        NO_WORKER,
        /** A worker executes it. */
        RUNNING,
        /** Its worker has not been heard of for longer than the lease. */
        WORKER_LOST,
        /** The next attempt is not due yet. */
        RETRYING,
        /** Its items have not all ended. */
        WAITS_FOR_ITEMS,
        /** The run that it started has not ended. */
        WAITS_FOR_RUN,
        /** Somebody has to approve or refuse. */
        WAITS_FOR_ANSWER,
        /** A point in time has to come. */
        WAITS_FOR_TIME,
        /** It is over. */
        ENDED
    }

    static Reason of(Kind kind, Optional<String> task, String sentence) {
        return new Reason(
                kind,
                sentence,
                task,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Reason tasks(List<String> others) {
        return new Reason(kind, sentence, task, List.copyOf(others), queue, worker, run, since, until);
    }

    Reason at(Optional<String> theQueue, Optional<String> theWorker) {
        return new Reason(kind, sentence, task, tasks, theQueue, theWorker, run, since, until);
    }

    Reason ofRun(Optional<String> other) {
        return new Reason(kind, sentence, task, tasks, queue, worker, other, since, until);
    }

    Reason between(Optional<Instant> from, Optional<Instant> to) {
        return new Reason(kind, sentence, task, tasks, queue, worker, run, from, to);
    }
}
