package io.millrace.engine.simulation;

import java.util.Optional;

/** Looks for a broken rule. The door by which a test gets at a simulation that other class loaders have loaded. */
public interface Search {
    /**
     * Lives through one world after another.
     *
     * @param seed of the first world; the next one has the next number
     * @param steps after how many decisions of the engine it is enough
     * @param shrink whether the story of what is found is to be made short
     */
    Optional<Finding> search(long seed, long steps, boolean shrink);
}
