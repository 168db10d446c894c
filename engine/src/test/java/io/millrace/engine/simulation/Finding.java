package io.millrace.engine.simulation;

/**
 * A rule that was found broken.
 *
 * @param seed with which the first world breaks it
 * @param steps how many steps it took from the first seed to here
 * @param problem what is wrong, in a sentence
 * @param story the shortest story of it that was found; empty when none was looked for
 */
public record Finding(long seed, long steps, String problem, String story) {}
