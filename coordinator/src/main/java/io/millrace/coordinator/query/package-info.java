/**
 * What has happened: every run and its events, folded from the audit log into a local database that can be thrown away
 * at any time and comes back from the topic. It must not know of HTTP or JSON, of the run engine's state, or write to Kafka.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.query;
