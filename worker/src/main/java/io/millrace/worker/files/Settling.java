package io.millrace.worker.files;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which files have stayed as they are for long enough that nobody writes them any more. No clock of any file system is asked: what counts is how long they were
 * seen not to change, which begins anew with each change and with each life of the worker.
 *
 * <p><b>Threading:</b> one thread.
 */
final class Settling {
    private final long settledNanos;
    private final LongSupplier nanos;
    private Map<String, Since> before = new HashMap<>();
    private Map<String, Since> now = new HashMap<>();
    private long lookedAtNanos;

    /** A file, and when it was first seen like that. */
    private record Since(SeenFile file, long nanos) {}

    /** @param nanos what time it is, as {@link System#nanoTime()} says it */
    Settling(Duration settled, LongSupplier nanos) {
        this.settledNanos = settled.toNanos();
        this.nanos = nanos;
    }

    /** A look begins. */
    void begin() {
        lookedAtNanos = nanos.getAsLong();
    }

    /** The look has shown a file. @return whether it has stayed as it is for long enough */
    boolean isSettled(SeenFile file) {
        Since known = before.get(file.path());
        Since since = known != null && known.file.equals(file) ? known : new Since(file, nanos.getAsLong());
        now.put(file.path(), since);
        return settledNanos == 0 || lookedAtNanos - since.nanos >= settledNanos;
    }

    /** The look is over: what it has not shown is forgotten. @return how long until the next of those that it has shown may have settled */
    Optional<Duration> end() {
        before = now;
        now = new HashMap<>();
        long time = nanos.getAsLong();
        return before.values().stream()
                .map(since -> settledNanos - (time - since.nanos))
                .filter(left -> left > 0)
                .min(Long::compare)
                .map(Duration::ofNanos);
    }
}
