/**
 * What a workload is, how much is done for it, and the figures that come of it. It knows neither a workload nor who shows figures.
 */
@NullMarked
package io.millrace.bench.figure;

import org.jspecify.annotations.NullMarked;
