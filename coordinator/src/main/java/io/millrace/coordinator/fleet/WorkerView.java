package io.millrace.coordinator.fleet;

import io.millrace.event.WorkerHeartbeat;
import java.time.Duration;

/**
 * A worker as its last heartbeat tells it.
 *
 * @param heartbeat the last one
 * @param silence how long ago it was heard
 * @param health what that means
 */
public record WorkerView(WorkerHeartbeat heartbeat, Duration silence, Health health) {
    /** Whether a worker can be counted on. */
    public enum Health {
        /** Its last heartbeat is younger than the lease. */
        ALIVE,
        /** It was silent for longer than the lease: its tasks are handed on. */
        LOST,
        /** It said good-bye. */
        STOPPED
    }

    /** Whether it serves this queue now. */
    public boolean serves(String queue) {
        return health == Health.ALIVE && heartbeat.getQueues().contains(queue);
    }
}
