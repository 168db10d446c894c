package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.Template;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Something that starts runs of the pipeline.
 *
 * @param id its id
 * @param source what makes it do so
 * @param inputs the inputs of the runs, as far as they are given; an object
 */
public record TriggerDefinition(TriggerId id, TriggerSource source, Template inputs) {
    /**
     * The inputs of the run that a tick of the schedule starts, still without the defaults of the pipeline (see {@link Inputs#resolve}).
     *
     * @throws EvaluationException when an expression has no result for this tick
     */
    public Document inputsAt(Instant tick, ZoneId zone) throws EvaluationException {
        return Document.ofValue(inputs.evaluate(new TickScope(tick, zone)));
    }
}
