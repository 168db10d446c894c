/**
 * The HTTP API: turns requests into questions to the catalogue and the history, and into requests for runs, and every
 * error into an RFC 9457 problem. It must not know of Kafka Streams or of how anything is stored.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.api;
