package io.millrace.worker.execute;

import java.time.Instant;
import java.util.Optional;

/**
 * The environment variable {@code MILLRACE_DELIVERY} by which a worker finds all processes of a delivery again, also those that left their parent,
 * their process group and their session: children inherit the environment. Its value is
 * {@code <worker>:<pid>:<start of that process in ms>:<incarnation>:<number>}.
 *
 * @param worker the worker's id; has no colon
 * @param pid the worker's process
 * @param startMillis when that process started, since process ids are used again; 0 when the system does not tell
 * @param incarnation which life of the worker this is
 */
public record ProcessMark(String worker, long pid, long startMillis, String incarnation) {
    static final String VARIABLE = "MILLRACE_DELIVERY";

    /** The mark of a life of the worker in this process. */
    public static ProcessMark ofThisProcess(String worker, String incarnation) {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessMark(worker, self.pid(), startOf(self), incarnation);
    }

    /** What the values of all deliveries of this life begin with. */
    String prefix() {
        return worker + ":" + pid + ":" + startMillis + ":" + incarnation + ":";
    }

    /** Whether the process of this life still runs. */
    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process) == startMillis)
                .isPresent();
    }

    static Optional<ProcessMark> parse(String value) {
        String[] parts = value.split(":", -1);
        if (parts.length != 5) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessMark(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
