package io.millrace.worker;

import io.millrace.schemas.config.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * What one attempt at a task may take on this worker; immutable, and valid once it exists.
 *
 * @param outputBytes how much it may write to its log before lines are dropped
 * @param memoryBytes how much memory a script and all that it starts may take together where the pipeline does not say; empty for no limit
 * @param diskBytes how much may lie in a script's directories; empty for no limit
 * @param transactional how long a transactional handler may take, a shorter timeout of its task aside; what lies behind its task in the same partition
 *     waits as long
 */
public record TaskLimits(
        long outputBytes, Optional<Long> memoryBytes, Optional<Long> diskBytes, Duration transactional) {
    /** 10 MB of output, no limit to memory and disk, 10 s for a transactional handler. */
    public static final TaskLimits STANDARD =
            new TaskLimits(10_000_000, Optional.empty(), Optional.empty(), Duration.ofSeconds(10));

    private static final long LEAST_BYTES = 1L << 20;
    private static final long MOST_BYTES = 16L << 40;

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException which names the mistake
     */
    public TaskLimits {
        if (outputBytes < 0 || memoryBytes.orElse(1L) < 1 || diskBytes.orElse(1L) < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
        if (transactional.isNegative() || transactional.isZero()) {
            throw new IllegalArgumentException("the time for a transactional handler must be positive");
        }
    }

    /**
     * Reads the settings {@code worker.output.limit} (a number of bytes), {@code worker.task.memory} and {@code worker.task.disk} (sizes such as
     * {@code 512MiB}) and {@code worker.transactional.limit}.
     */
    static TaskLimits read(Settings settings) {
        int output = settings.integer("worker.output.limit", 0, 1_000_000_000).or((int) STANDARD.outputBytes());
        Optional<Long> memory =
                settings.bytes("worker.task.memory", LEAST_BYTES, MOST_BYTES).optional();
        Optional<Long> disk =
                settings.bytes("worker.task.disk", LEAST_BYTES, MOST_BYTES).optional();
        Duration transactional = settings.duration(
                        "worker.transactional.limit", Duration.ofMillis(10), Duration.ofMinutes(5))
                .or(STANDARD.transactional());
        return new TaskLimits(output, memory, disk, transactional);
    }

    /** The same with another limit to what an attempt may write. */
    public TaskLimits withOutputBytes(long value) {
        return new TaskLimits(value, memoryBytes, diskBytes, transactional);
    }

    /** The same with a limit to memory. */
    public TaskLimits withMemoryBytes(long value) {
        return new TaskLimits(outputBytes, Optional.of(value), diskBytes, transactional);
    }

    /** The same with a limit to what lies in an attempt's directories. */
    public TaskLimits withDiskBytes(long value) {
        return new TaskLimits(outputBytes, memoryBytes, Optional.of(value), transactional);
    }

    /** The same with another time for transactional handlers. */
    public TaskLimits withTransactional(Duration value) {
        return new TaskLimits(outputBytes, memoryBytes, diskBytes, value);
    }
}
