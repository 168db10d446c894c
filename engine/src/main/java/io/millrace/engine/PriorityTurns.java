package io.millrace.engine;

import io.millrace.pipeline.Priority;
import java.util.Set;

/**
 * Whose turn it is among the priorities, when runs of several wait: of eleven slots that become free ten go to the highest priority that waits, and one
 * to the next; of eleven that the two lower ones would get, ten go to the middle one. So the higher goes first, and nobody waits for
 * ever behind runs that keep coming.
 *
 * <p>The turns go round; who does not wait misses its turn. The last one is all that has to be known to go on.
 */
final class PriorityTurns {
    /** The turn before the first. */
    static final int NONE_YET = -1;

    private static final int OF_THE_HIGHER = 10;
    private static final int ROUND = OF_THE_HIGHER + 1;
    private static final int TURNS = ROUND * ROUND;

    private PriorityTurns() {}

    /** The turn that follows. @param waiting who waits; at least one */
    static int after(int turn, Set<Priority> waiting) {
        if (waiting.isEmpty()) {
            throw new IllegalArgumentException("nobody waits");
        }
        int next = turn;
        do {
            next = (next + 1) % TURNS;
        } while (!waiting.contains(of(next)));
        return next;
    }

    /** Whose a turn is. */
    static Priority of(int turn) {
        if (turn == TURNS - 1) {
            return Priority.LOW;
        }
        return turn % ROUND == OF_THE_HIGHER ? Priority.NORMAL : Priority.HIGH;
    }
}
