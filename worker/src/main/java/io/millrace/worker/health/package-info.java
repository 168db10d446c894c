/**
 * What a worker says of itself to those who look after it: numbers for Prometheus, whether it lives, and whether it takes part.
 * It must not know what is measured: it is told by those who do it, and asks those who know.
 */
@NullMarked
package io.millrace.worker.health;

import org.jspecify.annotations.NullMarked;
