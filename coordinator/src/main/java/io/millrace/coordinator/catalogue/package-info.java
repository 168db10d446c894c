/**
 * Which pipelines there are, each version of them parsed and at hand, how a new version comes to be, and the door
 * through which a run of one is asked for. It must not know of runs that exist, of HTTP, or of Kafka Streams.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.catalogue;
