/**
 * The audit log as the engine's values: the one place that turns entries of the log and triggers into Avro and back. It knows
 * the engine and the schemas, and nothing of how records are read or written.
 */
@NullMarked
package io.millrace.audit.log;

import org.jspecify.annotations.NullMarked;
