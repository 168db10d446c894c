/**
 * A real Kafka broker and a schema registry inside this process: for the platform on one machine, and for tests.
 * It must not know what travels over the broker: no topic of ours, no record, no pipeline.
 */
@NullMarked
package io.millrace.embedded;

import org.jspecify.annotations.NullMarked;
