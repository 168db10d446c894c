/**
 * Reads stretches of topics on request: a partition from one offset to another, committed records only. It must not know
 * what the records mean.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.reading;
