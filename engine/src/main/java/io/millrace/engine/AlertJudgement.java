package io.millrace.engine;

import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.Pipeline;
import java.util.List;
import java.util.Optional;

/**
 * What an alert rule makes of an event of a run.
 *
 * @param rule the rule, which is about the event, or about its opposite
 * @param said what it has to say of it; empty where its condition is false
 */
public record AlertJudgement(AlertRule rule, RunEvent event, Optional<AlertSignal> said) {
    /**
     * What the rules of a pipeline make of an event that is on record, as they did when it happened.
     *
     * @param after the run as it was after the event
     */
    public static List<AlertJudgement> of(RunState after, Pipeline pipeline, RunEvent event) {
        return new AlertWatch(new Step(after, pipeline, event.at())).judgements(List.of(event));
    }
}
