/**
 * Rehearses runs: the run engine as it is in production, on a virtual clock, with outcomes of tasks that are told and not
 * executed. It must not know of Kafka, of the real time, or of any test framework.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
