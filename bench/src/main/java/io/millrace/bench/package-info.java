/**
 * What Millrace does beside what Kafka allows: workloads, each measured on processes of their own together with the bare limit
 * of the same run. It knows how to start the platform and how to load it, and nothing of the command line that shows the figures.
 */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
