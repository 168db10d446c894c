package io.millrace.schedule;

/**
 * What becomes of a local time that comes twice, because the clocks are put back. A local time that does not come at all, because they are put
 * forward, is replaced by the first instant after it under either policy.
 */
public enum DstPolicy {
    /** It ticks the first time. */
    ONCE,
    /** It ticks both times. */
    ALL
}
