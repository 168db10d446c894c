package io.millrace.audit.verify;

import io.millrace.event.Alert;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TriggerKind;
import io.millrace.expression.Document;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.AlertCause;
import io.millrace.pipeline.AlertEvent;
import io.millrace.pipeline.AlertRule;
import io.millrace.pipeline.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A failure for which a rule without a condition asks is told to its alert once; the end of a channel's run is told to the alert whose message it was
 * to pass on; what is wrong now was told, or is silent; and no delivery is on record that its run contradicts (G12). Conditions are not evaluated here.
 */
final class AlertsCheck {
    /** That a rule has something to say of an event of a run, by the event's number. */
    private record Said(String run, String rule, long sequence) {}

    /** The end of a channel's run. */
    private record Passed(boolean succeeded, Position event) {}

    /** How late a message may be for want of somebody who sends it: a coordinator may have to take over first. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Findings findings;
    private final Definitions definitions;
    private final Pairs<Said, Position, Position> said = new Pairs<>();
    private final Set<Said> met = new HashSet<>();
    /** Runs of channels that are open. */
    private final Set<String> passing = new HashSet<>();

    private final Map<String, Passed> passed = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Recorded<Alert>> alerts = new HashMap<>();
    private Instant latest = Instant.EPOCH;

    AlertsCheck(Findings findings, Definitions definitions) {
        this.findings = findings;
        this.definitions = definitions;
    }

    void event(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        latest = latest.isAfter(event.timestamp()) ? latest : event.timestamp();
        switch (value.getType()) {
            case RUN_STARTED -> {
                if (value.getTrigger()
                        .filter(trigger -> trigger.getKind() == TriggerKind.ALERT)
                        .isPresent()) {
                    findings.checked(Guarantee.G12, "messages");
                    passing.add(value.getRunId());
                }
            }
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> {
                if (passing.contains(value.getRunId())) {
                    passed.put(
                            value.getRunId(),
                            new Passed(value.getType() == RunEventType.RUN_SUCCEEDED, event.position()));
                }
            }
            default -> {}
        }
        about(value).ifPresent(kind -> rules(value, kind).forEach(rule -> asks(event, rule)));
    }

    /** What rules call an event, of those that are held against what was said. */
    private static Optional<AlertEvent> about(RunEvent event) {
        return switch (event.getType()) {
            case RUN_FAILED -> Optional.of(AlertEvent.RUN_FAILED);
            case RUN_CANCELLED -> Optional.of(AlertEvent.RUN_CANCELLED);
            case TASK_FAILED ->
                event.getTask().filter(task -> task.contains("[")).isPresent()
                        ? Optional.empty() // An item counts for nothing by itself.
                        : Optional.of(AlertEvent.TASK_FAILED);
            default -> Optional.empty();
        };
    }

    private List<AlertRule> rules(RunEvent event, AlertEvent kind) {
        Optional<Pipeline> pipeline = definitions.find(event.getPipeline(), event.getVersion());
        return pipeline.map(known -> known.alerts().all().stream()
                        .filter(rule -> rule.cause() instanceof AlertCause.Happening happening
                                && happening.event() == kind
                                && happening.condition().isEmpty()
                                && happening
                                        .task()
                                        .filter(task -> !event.getTask().equals(Optional.of(task.value())))
                                        .isEmpty())
                        .toList())
                .orElse(List.of());
    }

    private void asks(Recorded<RunEvent> event, AlertRule rule) {
        findings.checked(Guarantee.G12, "failures that rules are about");
        Said key = new Said(
                event.value().getRunId(), rule.id().value(), event.value().getSequence());
        if (said.first(key, event.position()).isPresent()) {
            met.add(key);
        }
    }

    void signal(Recorded<AlertSignal> signal) {
        AlertSignal value = signal.value();
        if (value.getType() == AlertSignalType.DELIVERY_ENDED) {
            value.getRunId().ifPresent(told::add);
        } else if (value.getType() == AlertSignalType.HAPPENED || value.getType() == AlertSignalType.FAULT) {
            Said key = new Said(value.getRunId().orElse(""), value.getRule(), sequence(value));
            if (met.contains(key)) {
                findings.violation(
                        Guarantee.G12,
                        key.run(),
                        "the alert " + key.rule() + " was told of event " + key.sequence() + " a second time",
                        signal.position());
            } else if (said.second(key, signal.position()).isPresent()) {
                met.add(key);
            }
        }
    }

    private static long sequence(AlertSignal signal) {
        try {
            return Document.parse(signal.getFacts()).asMap().get("sequence") instanceof Long number ? number : 0;
        } catch (InvalidDocumentException e) {
            return 0;
        }
    }

    /** Of an alert the last record counts. */
    void alert(Recorded<Alert> alert) {
        Alert value = alert.value();
        alerts.put(value.getPipeline() + "/" + value.getRule() + "/" + value.getGroup(), alert);
    }

    void atEnd(Coverage coverage) {
        said.firsts().forEach((key, event) -> {
            if (coverage.isFollowed(event)) {
                findings.violation(
                        Guarantee.G12,
                        key.run(),
                        "the alert " + key.rule() + " was not told of event " + key.sequence(),
                        event);
            } else {
                findings.underWay("failures that rules are about");
            }
        });
        passed.forEach((run, end) -> {
            if (!told.contains(run) && coverage.isFollowed(end.event())) {
                findings.violation(
                        Guarantee.G12, run, "a channel's run ended, and its alert was not told", end.event());
            }
        });
        alerts.values().forEach(alert -> judge(alert, coverage));
    }

    private void judge(Recorded<Alert> alert, Coverage coverage) {
        Alert value = alert.value();
        findings.checked(Guarantee.G12, "alerts");
        boolean raised = value.getPhase() == AlertPhase.OPEN || value.getPhase() == AlertPhase.ACKNOWLEDGED;
        boolean silent = value.getSilentUntil().isPresent();
        if (raised && !value.getToldRaised() && !silent) {
            if (coverage.isFollowed(alert.position()) && isOverdue(value)) {
                findings.violation(
                        Guarantee.G12,
                        value.getRunId().orElse(""),
                        "the alert " + value.getPipeline() + "/" + value.getRule()
                                + " is raised, and its channels were not told",
                        alert.position());
            } else {
                findings.underWay("alerts");
            }
        }
        judgeDeliveries(alert);
    }

    /** Whether the message should be on record: the one before it must not be younger than the interval. */
    private boolean isOverdue(Alert alert) {
        return alert.getToldAt()
                .map(told ->
                        told.plusMillis(alert.getIntervalMillis()).plus(GRACE).isBefore(latest))
                .orElse(true);
    }

    private void judgeDeliveries(Recorded<Alert> alert) {
        for (AlertDelivery delivery : alert.value().getDeliveries()) {
            String run = delivery.getRunId().orElse("");
            Passed end = passed.get(run);
            if (delivery.getState() == AlertDeliveryState.DELIVERED && end != null && !end.succeeded()) {
                findings.violation(
                        Guarantee.G12,
                        run,
                        "the message " + delivery.getNumber() + " is said to be delivered, and its run did not succeed",
                        alert.position(),
                        end.event());
            }
        }
    }
}
