/**
 * Secrets of tasks: how a worker keeps them out of everything that it says (G9). It must not know of Kafka, nor of how tasks are claimed and
 * executed.
 */
@NullMarked
package io.millrace.worker.secret;

import org.jspecify.annotations.NullMarked;
