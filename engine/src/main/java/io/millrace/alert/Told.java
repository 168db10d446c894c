package io.millrace.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the channels of an alert have been told.
 *
 * @param messages how many messages, over all its life
 * @param at when the last went out; null before the first
 * @param raised whether they know that something is wrong
 * @param count how often it had happened since it was raised, as far as they know
 * @param number how often it had been raised, as far as they know
 */
public record Told(long messages, @Nullable Instant at, boolean raised, long count, long number) {
    static final Told NOTHING = new Told(0, null, false, 0, 0);
}
