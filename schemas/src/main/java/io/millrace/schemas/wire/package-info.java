/**
 * How one record looks on Kafka: the Confluent wire format of its value and the CloudEvents and trace headers beside it.
 * It must not know what the records mean, nor talk to Kafka.
 */
@NullMarked
package io.millrace.schemas.wire;

import org.jspecify.annotations.NullMarked;
