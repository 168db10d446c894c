/**
 * The main classes of the processes of the lab. Each says when it is ready, and ends when its standard input does, so that none
 * outlives the bench.
 */
@NullMarked
package io.millrace.bench.role;

import org.jspecify.annotations.NullMarked;
