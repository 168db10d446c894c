package io.millrace.schemas.group;

import java.util.Optional;

/**
 * One life of a worker, which is one member of the group of workers.
 *
 * @param worker the worker's id, stable across its restarts
 * @param incarnation which of its lives: that of a later one is greater
 */
public record WorkerLife(String worker, String incarnation) {
    private static final char DIVIDER = '.';

    /** Its {@code group.instance.id}, by which it can be taken from the group: Kafka's own id of a member is known to that member alone. */
    public String memberName() {
        return worker + DIVIDER + incarnation;
    }

    /** The life whose member is called so; empty for a name that is not a worker's. */
    public static Optional<WorkerLife> ofMember(String memberName) {
        int divider = memberName.lastIndexOf(DIVIDER);
        return divider < 1
                ? Optional.empty()
                : Optional.of(new WorkerLife(memberName.substring(0, divider), memberName.substring(divider + 1)));
    }

    /** Whether it is the same worker's, and not a later one than this. */
    public boolean isNoLaterThan(WorkerLife other) {
        return worker.equals(other.worker) && incarnation.compareTo(other.incarnation) <= 0;
    }
}
