package io.millrace.worker.execute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The environment variable {@code MILLRACE_DELIVERY} by which a worker finds all processes of a delivery again, also those that left their parent,
 * their process group and their session: children inherit the environment. Its value is
 * {@code <worker>:<pid>:<start of that process>:<incarnation>:<number>}.
 *
 * @param worker the worker's id; has no colon
 * @param pid the worker's process
 * @param startTicks when that process started, in the kernel's ticks since it booted, since process ids are used again and clocks are set; 0 where
 *     there is no {@code /proc}
 * @param incarnation which life of the worker this is
 */
public record ProcessMark(String worker, long pid, long startTicks, String incarnation) {
    static final String VARIABLE = "MILLRACE_DELIVERY";

    /** The mark of a life of the worker in this process. */
    public static ProcessMark ofThisProcess(String worker, String incarnation) {
        ProcessHandle self = ProcessHandle.current();
        return new ProcessMark(worker, self.pid(), startOf(self.pid()), incarnation);
    }

    /** What the values of all deliveries of this life begin with. */
    String prefix() {
        return worker + ":" + pid + ":" + startTicks + ":" + incarnation + ":";
    }

    /** Whether the process of this life still runs. */
    boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> startOf(process.pid()) == startTicks)
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

    private static long startOf(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            // The second field is the program's name in parentheses and may hold anything; the 22nd is the start.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[19]);
        } catch (IOException noSuchFile) {
            return 0;
        }
    }
}
