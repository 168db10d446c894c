package io.millrace.schemas.registry;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * The ids that the registry did not know a moment ago. Only for a moment: an id may be registered, and a replica of the registry may
 * lag behind.
 *
 * <p><em>Threading:</em> safe for any number of threads.
 */
final class UnknownIds {
    private static final long MOMENT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST = 10_000;

    private final LongSupplier nanoClock;
    private final ConcurrentMap<Integer, Refusal> refusals = new ConcurrentHashMap<>();

    private record Refusal(long atNanos, RegistryException reason) {}

    UnknownIds(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Throws again what the registry answered a moment ago, if it did not know the id. */
    void refuse(int id) {
        var refusal = refusals.get(id);
        if (refusal == null) {
            return;
        }
        if (nanoClock.getAsLong() - refusal.atNanos() < MOMENT_NANOS) {
            throw refusal.reason();
        }
        refusals.remove(id, refusal);
    }

    void remember(int id, RegistryException reason) {
        if (reason.errorCode() != RegistryException.SCHEMA_NOT_FOUND) {
            return;
        }
        if (refusals.size() >= MOST) {
            refusals.clear(); // noise, whose ids do not come back
        }
        refusals.put(id, new Refusal(nanoClock.getAsLong(), reason));
    }
}
