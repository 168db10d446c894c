/**
 * Says in a sentence what a run or a task waits for, or why it ended as it did (G5). It works on what the history shows
 * and the workers say, and must not know of HTTP or Kafka.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.why;
