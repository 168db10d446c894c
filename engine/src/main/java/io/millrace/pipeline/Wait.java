package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import java.time.Instant;

/** Lets time go by. */
public sealed interface Wait extends Deferred permits WaitFor, WaitUntil {
    @Override
    default String kind() {
        return "wait";
    }

    /**
     * When the wait is over; one that begins after that is over at once.
     *
     * @param begin when it begins
     * @param document what {@link #document()} evaluates to
     * @throws EvaluationException when the document names no time, or one that is too far off
     */
    Instant endsAt(Instant begin, Document document) throws EvaluationException;
}
