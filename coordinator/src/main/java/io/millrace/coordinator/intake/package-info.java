/**
 * How commands reach Kafka from outside the Streams application: written with acks=all, and confirmed only when Kafka has
 * acknowledged them. It must not know what a command leads to.
 */
@NullMarked
package io.millrace.coordinator.intake;

import org.jspecify.annotations.NullMarked;
