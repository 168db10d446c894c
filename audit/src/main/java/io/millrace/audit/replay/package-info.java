/**
 * Runs as the audit log tells them: the state that a run had at any moment, folded from its events by the engine itself. It is
 * given the events, and knows neither Kafka nor the API.
 */
@NullMarked
package io.millrace.audit.replay;

import org.jspecify.annotations.NullMarked;
