package io.millrace.cli.local;

import java.time.Duration;

/** Is told how the start of the platform goes on. Called by any thread, but never by two at a time. */
public interface StartListener {
    /** Nobody listens. */
    StartListener NONE = (part, address, took) -> {};

    /**
     * A part has been started.
     *
     * @param part Kafka, schema registry, coordinator or worker
     * @param address where it can be reached, or what it serves
     */
    void started(String part, String address, Duration took);
}
