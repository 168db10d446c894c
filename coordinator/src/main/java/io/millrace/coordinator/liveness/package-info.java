/**
 * Which workers live: reads their heartbeats and says whose leases have ended. It must not know runs or tasks.
 */
@NullMarked
package io.millrace.coordinator.liveness;

import org.jspecify.annotations.NullMarked;
