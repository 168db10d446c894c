/**
 * What is measured: one class a workload, which loads the lab and says what came of it.
 */
@NullMarked
package io.millrace.bench.workload;

import org.jspecify.annotations.NullMarked;
