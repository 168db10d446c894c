package io.millrace.worker;

import java.util.Map;
import java.util.Optional;

/**
 * What a {@link TaskHandler} is told about the attempt that it executes, and by what it says how far it is.
 *
 * <p><b>Threading:</b> may be used from any thread while the handler runs.
 */
public interface TaskContext extends HandlerContext {
    /**
     * Says which share of the work is done, from 0 to 1. Published at most once a second; what is said faster replaces what waits, and anything but such a
     * share is said in the task's log and changes nothing.
     */
    void progress(double share);

    /**
     * Says where a later delivery of this task can go on: when this worker is lost, or gives the task back, or the attempt fails, the next one finds it in
     * {@link #lastCheckpoint()}. Published at most once a second, like {@link #progress}, and always before the task's outcome.
     *
     * @param document has to be writable as a JSON object of at most 64 KiB; a larger one is said in the task's log, and the one before stays
     * @throws IllegalArgumentException when it cannot be written as JSON
     */
    void checkpoint(Map<String, ?> document);

    /** The last checkpoint of an earlier delivery of the task; unmodifiable. Integers are Integer, Long or BigInteger, decimals are Double. */
    Optional<Map<String, Object>> lastCheckpoint();
}
