package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import java.util.Optional;

/**
 * How many runs of a pipeline may be under way at a time: so many as it says itself, as the pool lets that it shares with others, or both.
 *
 * @param limit how many; of those with equal keys, where there is a key. From 1 on, or {@link #ANY_NUMBER}
 * @param pool the pool of which each run takes a slot; empty when the pipeline is alone
 * @param key what tells runs apart that do not wait for one another; empty when all runs of the pipeline share the limit
 * @param conflict what becomes of a run that comes when the limit is reached
 * @param priority of its runs among those that wait
 */
public record Concurrency(
        int limit, Optional<PoolId> pool, Optional<EventKey> key, Conflict conflict, Priority priority) {
    /** The limit of a pipeline that has none of its own. */
    public static final int ANY_NUMBER = Integer.MAX_VALUE;

    /** What becomes of runs when one comes and the limit is reached. */
    public enum Conflict {
        /** It waits for its turn. */
        QUEUE,
        /** It is cancelled. */
        SKIP,
        /** Those that wait are cancelled, and of those under way the oldest; it begins when that has ended. */
        CANCEL,
        /** It waits in place of the one that waits already, which is cancelled: of many that come, the first and the last are executed. */
        COALESCE
    }

    /**
     * The key of a run with these inputs; empty when there is none.
     *
     * @param inputs with defaults filled in
     * @throws EvaluationException when the expression has no result, or one that is no key
     */
    public String keyOf(Document inputs) throws EvaluationException {
        return key.isEmpty() ? "" : key.get().of(new StartScope(inputs));
    }
}
