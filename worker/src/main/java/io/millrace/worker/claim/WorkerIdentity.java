package io.millrace.worker.claim;

import io.millrace.schemas.group.WorkerLife;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who a worker is, in one of its lives.
 *
 * @param worker its id, stable across restarts
 * @param incarnation this life's id: the time of its start in milliseconds, in 13 digits, and a random part; a later life
 *     sorts after an earlier one, so that the coordinator takes no zombie for its successor
 * @param host the host it runs on, for people
 * @param pid its process, for people
 * @param version the version of Millrace it runs
 */
public record WorkerIdentity(String worker, String incarnation, String host, long pid, String version) {
    /** Which life of which worker it is. */
    WorkerLife life() {
        return new WorkerLife(worker, incarnation);
    }

    /** A new life in this process. */
    public static WorkerIdentity newLife(String worker, String host) {
        String version = Optional.ofNullable(WorkerIdentity.class.getPackage().getImplementationVersion())
                .orElse("development");
        String incarnation = "%013d-%08x"
                .formatted(
                        System.currentTimeMillis(), ThreadLocalRandom.current().nextInt());
        return new WorkerIdentity(
                worker, incarnation, host, ProcessHandle.current().pid(), version);
    }
}
