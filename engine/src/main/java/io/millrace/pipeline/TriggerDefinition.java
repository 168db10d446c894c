package io.millrace.pipeline;

import io.millrace.expression.Condition;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Scope;
import io.millrace.expression.Template;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Something that starts runs of the pipeline.
 *
 * @param id its id
 * @param source what makes it do so
 * @param filter which events start a run; empty for all of them, and always for a schedule
 * @param inputs the inputs of the runs, as far as they are given; an object
 */
public record TriggerDefinition(TriggerId id, TriggerSource source, Optional<Condition> filter, Template inputs) {
    /**
     * The inputs of the run that a tick of the schedule starts, still without the defaults of the pipeline (see {@link Inputs#resolve}).
     *
     * @throws EvaluationException when an expression has no result for this tick
     */
    public Document inputsAt(Instant tick, ZoneId zone) throws EvaluationException {
        return inputsOf(TriggerScope.ofTick(tick, zone));
    }

    /**
     * Whether an event starts a run.
     *
     * @throws EvaluationException when the filter has no answer for it, for example because a key is missing: that is never {@code false}
     */
    public boolean accepts(Scope event) throws EvaluationException {
        return filter.isEmpty() || filter.get().evaluate(event);
    }

    /**
     * The inputs of the run that an event starts, still without the defaults of the pipeline (see {@link Inputs#resolve}).
     *
     * @throws EvaluationException when an expression has no result for it
     */
    public Document inputsOf(Scope event) throws EvaluationException {
        return Document.ofValue(inputs.evaluate(event));
    }
}
