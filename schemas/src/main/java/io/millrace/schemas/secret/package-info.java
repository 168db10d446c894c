/**
 * Where a process finds the values of secrets that pipelines name: a worker those of its tasks, a coordinator those of its webhooks (G9). It must
 * not know of Kafka, nor of what the values are for.
 */
@NullMarked
package io.millrace.schemas.secret;

import org.jspecify.annotations.NullMarked;
