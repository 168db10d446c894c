/**
 * Executes one delivery of a task on this machine (a script as a process, or a handler in this JVM), captures what it writes and says how it
 * ended. It must not know Kafka, topics, claims or leases: it is given a {@link io.millrace.worker.execute.Delivery} and answers an
 * {@link io.millrace.worker.execute.Execution}.
 */
@NullMarked
package io.millrace.worker.execute;

import org.jspecify.annotations.NullMarked;
