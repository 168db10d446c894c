/**
 * A whole platform in one thread on a virtual clock, with crashes between any two steps, held after every step to an
 * independent model of what pipelines mean. Only what the engine's package makes public is used here, and none of its
 * rules.
 */
@NullMarked
package io.millrace.engine.simulation;

import org.jspecify.annotations.NullMarked;
