/**
 * The client of a Schema Registry that speaks the Confluent REST protocol.
 * It must not know Kafka, topics or the records of Millrace.
 */
@NullMarked
package io.millrace.schemas.registry;

import org.jspecify.annotations.NullMarked;
