package io.millrace.schedule;

import java.time.Instant;
import java.time.LocalDateTime;

/**
 * A moment at which a schedule says that something is to happen.
 *
 * @param at the moment
 * @param intended the local time that was meant
 * @param moved whether clocks never show that local time, so that it is the first instant after it
 */
public record Tick(Instant at, LocalDateTime intended, boolean moved) {}
