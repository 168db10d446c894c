/**
 * Artifacts: files that tasks hand to each other through a store that all workers reach, named by the digest of their content. It must not know of Kafka,
 * nor of how tasks are claimed and executed.
 */
@NullMarked
package io.millrace.worker.artifact;

import org.jspecify.annotations.NullMarked;
