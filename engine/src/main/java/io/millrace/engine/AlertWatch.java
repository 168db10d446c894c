package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertEvent;
import io.millrace.pipeline.AlertMeasure;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds what happens in a step against the alert rules of the pipeline. Whether somebody is told, and how often, is not decided here.
 *
 * <p>Of a task with {@code for_each} the whole counts, and no single item.
 */
final class AlertWatch {
    private final Step step;

    AlertWatch(Step step) {
        this.step = step;
    }

    /** What the rules have to say of the events of a step. */
    List<AlertSignal> signals(List<RunEvent> events) {
        List<AlertSignal> signals = new ArrayList<>();
        for (AlertJudgement judgement : judgements(events)) {
            judgement.said().ifPresent(signals::add);
        }
        return signals;
    }

    /** What each rule makes of each event of a step that it is about, also where it has nothing to say. */
    List<AlertJudgement> judgements(List<RunEvent> events) {
        List<AlertJudgement> judgements = new ArrayList<>();
        for (RunEvent event : events) {
            TaskId task = event.task();
            if (task != null && task.isItem()) {
                continue;
            }
            Set<AlertEvent> kinds = kinds(event);
            if (isAboutAny(event, kinds)) {
                AlertScope scope = new AlertScope(new RunScope(step), event, AlertFacts.of(step, event, events));
                deadlines(scope, judgements);
                for (AlertEvent kind : kinds) {
                    for (AlertRule rule : step.pipeline.alerts().about(kind)) {
                        if (isAbout(rule, event)) {
                            judgements.add(new AlertJudgement(rule, event, signal(rule, kind, event, scope)));
                        }
                    }
                }
            }
        }
        return judgements;
    }

    /** Whether any rule may have something to say: most events are nobody's concern, and cost next to nothing. */
    private boolean isAboutAny(RunEvent event, Set<AlertEvent> kinds) {
        return (begins(event) || isEnd(event))
                        && !step.pipeline.alerts().deadlines().isEmpty()
                || kinds.stream()
                        .anyMatch(kind ->
                                step.pipeline.alerts().about(kind).stream().anyMatch(rule -> isAbout(rule, event)));
    }

    /** What rules can call an event. */
    private static Set<AlertEvent> kinds(RunEvent event) {
        Failure failure = event.failure();
        EnumSet<AlertEvent> kinds = EnumSet.noneOf(AlertEvent.class);
        switch (event.type()) {
            case RUN_STARTED -> kinds.add(AlertEvent.RUN_STARTED);
            case RUN_QUEUED -> kinds.add(AlertEvent.RUN_QUEUED);
            case RUN_ADMITTED -> kinds.add(AlertEvent.RUN_ADMITTED);
            case RUN_SUCCEEDED -> kinds.add(AlertEvent.RUN_SUCCEEDED);
            case RUN_FAILED -> kinds.add(AlertEvent.RUN_FAILED);
            case RUN_CANCELLED -> kinds.add(AlertEvent.RUN_CANCELLED);
            case RUN_RERUN -> kinds.add(AlertEvent.RUN_RERUN);
            case TASK_STARTED -> kinds.add(AlertEvent.TASK_STARTED);
            case TASK_SUCCEEDED -> kinds.add(AlertEvent.TASK_SUCCEEDED);
            case TASK_RETRIED -> kinds.add(AlertEvent.TASK_RETRIED);
            case TASK_FAILED -> kinds.add(AlertEvent.TASK_FAILED);
            case TASK_LOST -> kinds.add(AlertEvent.TASK_LOST);
            case TASK_SKIPPED -> kinds.add(AlertEvent.TASK_SKIPPED);
            case TASK_CANCELLED -> kinds.add(AlertEvent.TASK_CANCELLED);
            case TASK_UPSTREAM_FAILED -> kinds.add(AlertEvent.TASK_UPSTREAM_FAILED);
            case TASK_QUEUED,
                    TASK_RELEASED,
                    REPORT_REJECTED,
                    RUN_FINISHING,
                    TASK_DEFERRED,
                    TASK_EXPANDED,
                    TASK_PROGRESSED -> {}
        }
        if (isEnd(event)) {
            kinds.add(AlertEvent.RUN_ENDED);
        }
        if (failure != null
                && failure.kind() == Failure.Kind.TIMEOUT
                && (kinds.contains(AlertEvent.TASK_FAILED) || kinds.contains(AlertEvent.TASK_RETRIED))) {
            kinds.add(AlertEvent.TASK_TIMED_OUT);
        }
        return kinds;
    }

    /** Whether a run has ended with it. */
    static boolean isEnd(RunEvent event) {
        return switch (event.type()) {
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> true;
            default -> false;
        };
    }

    private static boolean begins(RunEvent event) {
        return event.type() == RunEventType.RUN_STARTED || event.type() == RunEventType.RUN_RERUN;
    }

    private void deadlines(AlertScope scope, List<AlertJudgement> judgements) {
        RunEvent event = scope.happened();
        if (!begins(event) && !isEnd(event)) {
            return;
        }
        for (AlertRule rule : step.pipeline.alerts().deadlines()) {
            Instant due = ((AlertCause.Deadline) rule.cause()).of(triggered(event));
            AlertSignal said = begins(event)
                    ? signal(AlertSignal.Kind.RUN_BEGAN, rule, "", event, due, null, scope.facts())
                    : signal(AlertSignal.Kind.RUN_ENDED, rule, "", event, null, null, scope.facts());
            judgements.add(new AlertJudgement(rule, event, Optional.of(said)));
        }
    }

    /** A schedule's runs are due when it says, however late they begin; those that make up for others are not. */
    private Instant triggered(RunEvent event) {
        RunTrigger trigger = step.head().trigger();
        RunTrigger.Firing firing = trigger.firing();
        return event.type() == RunEventType.RUN_STARTED
                        && trigger.kind() == RunTrigger.Kind.SCHEDULE
                        && firing != null
                        && firing.backfill() == null
                ? firing.logicalTime()
                : event.at();
    }

    private static boolean isAbout(AlertRule rule, RunEvent event) {
        TaskId task = taskOf(rule.cause()).orElse(null);
        return task == null || task.equals(event.task());
    }

    private Optional<AlertSignal> signal(AlertRule rule, AlertEvent kind, RunEvent event, AlertScope scope) {
        Optional<AlertMeasure> measure = measure(rule);
        // What is held against those before is odd or is not; nothing else says that it is well.
        boolean hasOpposite = measure.isEmpty() || measure.get().kind() == AlertMeasure.Kind.RATE;
        if (rule.cause() instanceof AlertCause.Happening happening && happening.event() != kind) {
            return hasOpposite ? opposite(rule, kind, event, scope) : Optional.empty();
        }
        String group = "";
        try {
            group = group(rule, kind, event, scope);
            Optional<Boolean> holds = holds(rule.cause(), scope);
            if (holds.isPresent() && !holds.get()) {
                // The opposite of a value that is too high is one that is not.
                return rule.cause() instanceof AlertCause.Happening && kind.hasOutput() && hasOpposite
                        ? Optional.of(calm(rule, group, event, scope))
                        : Optional.empty();
            }
            String message = rule.message().isPresent()
                    ? String.valueOf(rule.message().get().evaluate(scope))
                    : null;
            return Optional.of(new AlertSignal(
                    AlertSignal.Kind.HAPPENED,
                    rule.id(),
                    group,
                    event.task(),
                    event.at(),
                    null,
                    value(rule, scope),
                    AlertFacts.cut(message),
                    scope.facts()));
        } catch (EvaluationException e) {
            String fault = "the rule has no answer: " + e.getMessage();
            return Optional.of(
                    signal(AlertSignal.Kind.FAULT, rule, group, event, null, AlertFacts.cut(fault), scope.facts()));
        }
    }

    /** The opposite has less to look at: where the rule's key cannot be found in it, nothing says which alert it is about. */
    private Optional<AlertSignal> opposite(AlertRule rule, AlertEvent kind, RunEvent event, AlertScope scope) {
        try {
            return Optional.of(calm(rule, group(rule, kind, event, scope), event, scope));
        } catch (EvaluationException e) {
            return Optional.empty();
        }
    }

    private AlertSignal calm(AlertRule rule, String group, RunEvent event, AlertScope scope) {
        return signal(AlertSignal.Kind.CALM, rule, group, event, null, null, scope.facts());
    }

    private static AlertSignal signal(
            AlertSignal.Kind kind,
            AlertRule rule,
            String group,
            RunEvent event,
            @Nullable Instant due,
            @Nullable String message,
            Document facts) {
        return new AlertSignal(kind, rule.id(), group, event.task(), event.at(), due, null, message, facts);
    }

    private static Optional<AlertMeasure> measure(AlertRule rule) {
        return rule.cause() instanceof AlertCause.Happening happening ? happening.measure() : Optional.empty();
    }

    /** The number that the rule is about, where it is about one that is not simply whether it happened. */
    private @Nullable Double value(AlertRule rule, AlertScope scope) throws EvaluationException {
        Optional<AlertMeasure> measure = measure(rule);
        if (measure.isEmpty()) {
            return null;
        }
        return switch (measure.get().kind()) {
            case RATE -> null;
            case SLOWER ->
                Duration.between(step.head().startedAt(), scope.happened().at()).toMillis() / 1_000d;
            case DRIFT -> measure.get().value().orElseThrow().of(scope);
        };
    }

    private static Optional<TaskId> taskOf(AlertCause cause) {
        if (cause instanceof AlertCause.Happening happening) {
            return happening.task();
        }
        return cause instanceof AlertCause.Silence silence ? silence.task() : Optional.empty();
    }

    private static Optional<Boolean> holds(AlertCause cause, AlertScope scope) throws EvaluationException {
        if (cause instanceof AlertCause.Happening happening
                && happening.condition().isPresent()) {
            return Optional.of(happening.condition().get().evaluate(scope));
        }
        if (cause instanceof AlertCause.Silence silence && silence.condition().isPresent()) {
            return Optional.of(silence.condition().get().evaluate(scope));
        }
        return Optional.empty();
    }

    /** Each task has alerts of its own where a rule is about any; and each key of the rule's. */
    private static String group(AlertRule rule, AlertEvent kind, RunEvent event, AlertScope scope)
            throws EvaluationException {
        if (rule.group().isPresent()) {
            return rule.group().get().of(scope);
        }
        TaskId task = event.task();
        return rule.cause() instanceof AlertCause.Happening
                        && kind.isOfTask()
                        && task != null
                        && taskOf(rule.cause()).isEmpty()
                ? task.value()
                : "";
    }
}
