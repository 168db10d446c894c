/**
 * The workers that serve this installation and the queues that they serve, for people and for `why`. It decides nothing:
 * whose leases hold is said by `liveness`.
 */
@org.jspecify.annotations.NullMarked
package io.millrace.coordinator.fleet;
