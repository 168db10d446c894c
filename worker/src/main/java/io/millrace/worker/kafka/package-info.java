/**
 * Records as tasks describe them: JSON, text and Avro of a registry's subject become bytes. Knows nothing of claims and transactions.
 */
@NullMarked
package io.millrace.worker.kafka;

import org.jspecify.annotations.NullMarked;
