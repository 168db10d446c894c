/**
 * The definition of a pipeline as a value, and the way there: YAML in, the pipeline or located problems out.
 * It must not know of runs, time, Kafka or files on a disk.
 */
@NullMarked
package io.millrace.pipeline;

import org.jspecify.annotations.NullMarked;
