package io.millrace.worker.execute;

import java.util.Optional;

/**
 * Which life of which worker a process or a container belongs to: what the environment variable {@code MILLRACE_DELIVERY} of a script's processes and the
 * label of a container begin with. The value is {@code <worker>:<home>:<incarnation>:<number>}, the number being that of the delivery.
 *
 * <p>No process id is in it. Whether a process still runs can be told only where its id means the same: not by a worker on the host of one in a container,
 * and not by two in containers that share one docker. What can be told everywhere is whose home it is, for a home has one worker at a time.
 *
 * @param worker the worker's id; has no colon
 * @param home the id of the directory that the worker holds alone while it lives; has no colon
 * @param incarnation which life of the worker this is; has no colon
 */
public record ProcessMark(String worker, String home, String incarnation) {
    static final String VARIABLE = "MILLRACE_DELIVERY";

    /** No delivery's number: they begin with 1, and none has more digits. */
    private static final String HOSTS = "0".repeat(19);

    /** What the values of all deliveries of this life begin with. */
    String prefix() {
        return worker + ":" + home + ":" + incarnation + ":";
    }

    /** The value of the worker's own interpreters, which begin tasks; as long as that of any delivery, since these write their own in its place. */
    String hosts() {
        return prefix() + HOSTS;
    }

    /** Whether a value is that of the interpreters of any worker. */
    static boolean isOfHosts(String value) {
        return value.endsWith(":" + HOSTS);
    }

    /** Whether this life is over because that one, which holds the same home, has begun. */
    boolean isSucceededBy(ProcessMark life) {
        return home.equals(life.home) && !incarnation.equals(life.incarnation);
    }

    static Optional<ProcessMark> parse(String value) {
        String[] parts = value.split(":", -1);
        return parts.length == 4 ? Optional.of(new ProcessMark(parts[0], parts[1], parts[2])) : Optional.empty();
    }
}
