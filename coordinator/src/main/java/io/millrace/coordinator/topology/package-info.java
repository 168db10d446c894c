/**
 * The Kafka Streams application: reads a record, asks the engine for its decision, writes the store and forwards the
 * effects. Everything with an "if" about pipelines belongs to the engine; Avro is translated to the engine's own values
 * here and nowhere else.
 */
@NullMarked
package io.millrace.coordinator.topology;

import org.jspecify.annotations.NullMarked;
