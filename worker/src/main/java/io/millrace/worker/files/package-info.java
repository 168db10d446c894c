/**
 * Watches directories for files that pipelines wait for, and announces each that has arrived. Knows nothing of tasks, and judges nothing: what a file starts is
 * the coordinator's to say.
 */
@NullMarked
package io.millrace.worker.files;

import org.jspecify.annotations.NullMarked;
