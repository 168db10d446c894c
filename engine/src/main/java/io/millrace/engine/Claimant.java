package io.millrace.engine;

/**
 * The worker that holds a claim.
 *
 * @param worker the worker's id, stable across its restarts
 * @param incarnation which life of the worker: a restarted worker holds none of the claims of its former self
 */
public record Claimant(String worker, String incarnation) {}
