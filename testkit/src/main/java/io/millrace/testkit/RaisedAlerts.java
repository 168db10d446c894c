package io.millrace.testkit;

import io.millrace.alert.Alert;
import io.millrace.alert.AlertKey;
import io.millrace.alert.Occurrences;
import io.millrace.alert.Terms;
import io.millrace.engine.AlertJudgement;
import io.millrace.engine.AlertSignal;
import io.millrace.engine.RunEvent;
import io.millrace.engine.RunReplay;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.Pipeline;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alerts that a single run raises, as the platform would. What is about more than one run is not: silence, and numbers that are held against those of
 * runs before.
 */
final class RaisedAlerts {
    private final Pipeline pipeline;
    private final RunPlan plan;
    private final Map<AlertKey, Alert> alerts = new HashMap<>();
    private final Map<AlertRule, Instant> due = new HashMap<>();
    private final Set<String> raised = new LinkedHashSet<>();

    private RaisedAlerts(Pipeline pipeline, RunPlan plan) {
        this.pipeline = pipeline;
        this.plan = plan;
    }

    /**
     * The ids of their rules, in the order in which they were raised.
     *
     * @param events what happened, all of it
     * @param ended whether the run has ended; of one that never does every deadline passes
     */
    static Set<String> of(Pipeline pipeline, RunPlan plan, List<RunEvent> events, boolean ended) {
        RaisedAlerts raised = new RaisedAlerts(pipeline, plan);
        RunReplay fold = new RunReplay(plan.id(), pipeline, plan.version());
        for (RunEvent event : events) {
            fold.add(event);
            raised.passed(event.at());
            AlertJudgement.of(fold.state(), pipeline, event).forEach(raised::take);
        }
        if (!ended) {
            raised.passed(Instant.MAX);
        }
        return raised.raised;
    }

    /** So much time has passed. */
    private void passed(Instant now) {
        due.entrySet().removeIf(entry -> {
            boolean late = entry.getValue().isBefore(now);
            if (late) {
                raised.add(entry.getKey().id().value());
            }
            return late;
        });
    }

    private void take(AlertJudgement judgement) {
        AlertRule rule = judgement.rule();
        judgement.said().ifPresent(said -> {
            Instant dueAt = said.dueAt();
            if (said.kind() == AlertSignal.Kind.RUN_BEGAN && dueAt != null) {
                due.put(rule, dueAt);
            } else if (said.kind() == AlertSignal.Kind.RUN_ENDED) {
                due.remove(rule);
            } else if (rule.cause() instanceof AlertCause.Happening happening
                    && happening.measure().isEmpty()) {
                fold(rule, said);
            }
        });
    }

    private void fold(AlertRule rule, AlertSignal said) {
        AlertKey key = new AlertKey(pipeline.id(), rule.id(), said.group());
        Terms terms = Terms.of(rule);
        Alert before = alerts.getOrDefault(key, Alert.quiet(key, terms, said.at()));
        Alert after = said.kind() == AlertSignal.Kind.CALM
                ? before.well(said.at(), "it is well")
                : before.happened(
                        Occurrences.of(plan.id(), said.task(), said.at(), said.message(), said.facts()), terms);
        alerts.put(key, after);
        if (after.phase().isRaised()) {
            raised.add(rule.id().value());
        }
    }
}
