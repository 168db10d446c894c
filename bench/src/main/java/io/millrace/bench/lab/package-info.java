/**
 * The processes under measurement: a broker, coordinators and workers, each a JVM of its own, what they take of the machine, and the
 * way to load them and to see what they do. It knows no workload.
 */
@NullMarked
package io.millrace.bench.lab;

import org.jspecify.annotations.NullMarked;
