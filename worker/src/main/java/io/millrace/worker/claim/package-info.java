/**
 * One life of a worker on Kafka: it claims tasks (one transaction holds the claims and the consumed offsets), hands them to the executor only after the
 * commit, and reports what came of them, beside heartbeats, logs and cancellations. It must not know how a task is executed, nor the SDK's door.
 */
@NullMarked
package io.millrace.worker.claim;

import org.jspecify.annotations.NullMarked;
