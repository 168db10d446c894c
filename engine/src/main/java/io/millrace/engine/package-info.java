/**
 * The run engine: {@link io.millrace.engine.RunDecider} says what follows when something happens to a run. It is a pure
 * function and must not know Kafka, a clock, randomness or any input and output; time and every happening are given to it.
 */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
