/**
 * What is allowed in a pipeline's file and yet likely to be regretted: rules, each with what to do instead.
 * It must not know more than the file: no files beside it, no platform, no earlier version.
 */
@NullMarked
package io.millrace.pipeline.lint;

import org.jspecify.annotations.NullMarked;
