/**
 * When something is to happen again and again: cron expressions, periods, calendars, and what becomes of local times when the clocks change.
 * It knows no clock, no file and nothing else of ours: a moment goes in, and the next one comes out.
 */
@NullMarked
package io.millrace.schedule;

import org.jspecify.annotations.NullMarked;
