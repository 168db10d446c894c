package io.millrace.worker;

import io.millrace.schemas.config.Settings;
import java.time.Duration;

/**
 * How long a worker waits for what.
 *
 * @param heartbeat how often it says that it lives; the coordinator's lease must be several times as long
 * @param grace how long {@link Worker#close} lets running tasks finish before it ends them and gives them back
 * @param busyLimit how long all slots may be busy before the worker lets go of its partitions, so that other workers take what waits behind its long
 *     tasks; it comes back when a slot is free. A worker that is alone in its group keeps them.
 * @param killGrace how long a process that is to end gets between SIGTERM and SIGKILL, and a handler between its interruption and being left behind
 */
public record Pace(Duration heartbeat, Duration grace, Duration busyLimit, Duration killGrace) {
    /** A heartbeat every 2 s, a grace of 30 s, 2 s of being busy, and 5 s between SIGTERM and SIGKILL. */
    public static final Pace STANDARD =
            new Pace(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(5));

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException which names the mistake
     */
    public Pace {
        if (heartbeat.isNegative() || heartbeat.isZero()) {
            throw new IllegalArgumentException("heartbeatInterval must be positive");
        }
        if (grace.isNegative() || busyLimit.isNegative() || killGrace.isNegative()) {
            throw new IllegalArgumentException("grace, busyLimit and killGrace must not be negative");
        }
    }

    /** Reads {@code worker.heartbeat}, {@code worker.grace}, {@code worker.busy.limit} and {@code worker.kill.grace}. */
    static Pace read(Settings settings) {
        return new Pace(
                settings.duration("worker.heartbeat", Duration.ofMillis(50), Duration.ofMinutes(1))
                        .or(STANDARD.heartbeat),
                settings.duration("worker.grace", Duration.ZERO, Duration.ofDays(7))
                        .or(STANDARD.grace),
                settings.duration("worker.busy.limit", Duration.ZERO, Duration.ofDays(1))
                        .or(STANDARD.busyLimit),
                settings.duration("worker.kill.grace", Duration.ZERO, Duration.ofHours(1))
                        .or(STANDARD.killGrace));
    }

    Pace withHeartbeat(Duration value) {
        return new Pace(value, grace, busyLimit, killGrace);
    }

    Pace withGrace(Duration value) {
        return new Pace(heartbeat, value, busyLimit, killGrace);
    }

    Pace withBusyLimit(Duration value) {
        return new Pace(heartbeat, grace, value, killGrace);
    }

    Pace withKillGrace(Duration value) {
        return new Pace(heartbeat, grace, busyLimit, value);
    }
}
