package io.millrace.audit.verify;

import io.millrace.event.DeadLetter;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunOutcome;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerEvent;
import io.millrace.event.TriggerKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every trigger on the topic led to one command to start a run, or to a dead letter; every such command to the run that it
 * names, which began once, or to a dead letter, or to the refusal that its parent was told (G1). A command for a run that
 * began before is one that found it.
 */
final class TriggersCheck {
    /** What a trigger led to: a command to start this run, or to none, a dead letter. */
    private record Consequence(String run, Position position) {}

    private final Findings findings;
    private final AuditedTopics topics;
    private final StartedRuns started;
    private final Duration remembered;
    private final Pairs<Position, String, Consequence> intake = new Pairs<>();
    private final Map<String, List<Position>> waiting = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<Position> letters = new HashSet<>();

    /** @param remembered for how long a run is found by its trigger after its end */
    TriggersCheck(Findings findings, AuditedTopics topics, StartedRuns started, Duration remembered) {
        this.findings = findings;
        this.topics = topics;
        this.started = started;
        this.remembered = remembered;
    }

    void trigger(Position position, TriggerEvent trigger) {
        findings.checked(Guarantee.G1, "triggers");
        intake.first(position, trigger.getPipeline());
    }

    /** A record of the topic that holds no trigger is owed a dead letter all the same. */
    void unreadable(Position position) {
        if (position.topic().equals(topics.triggers())) {
            findings.checked(Guarantee.G1, "triggers");
            intake.first(position, "what cannot be read");
        } else {
            findings.passedOver("records that cannot be read");
        }
    }

    void command(Recorded<RunCommand> command) {
        RunCommand value = command.value();
        if (value.getType() == RunCommandType.RUN_ENDED) {
            if (value.getOutcome().filter(RunOutcome.REFUSED::equals).isPresent()) {
                value.getChildRunId().ifPresent(this::refused);
            }
            return;
        }
        if (value.getType() != RunCommandType.START) {
            return;
        }
        findings.checked(Guarantee.G1, "commands to start a run");
        value.getTrigger()
                .filter(trigger -> trigger.getKind() == TriggerKind.RECORD)
                .ifPresent(trigger ->
                        intake.second(positionOf(trigger), new Consequence(value.getRunId(), command.position())));
        if (!started.contains(value.getRunId())
                && !refused.contains(value.getRunId())
                && !letters.remove(command.position())) {
            waiting.computeIfAbsent(value.getRunId(), run -> new ArrayList<>(1)).add(command.position());
        }
    }

    private void refused(String run) {
        if (waiting.remove(run) == null) {
            refused.add(run);
        }
    }

    void letter(Recorded<DeadLetter> recorded) {
        DeadLetter letter = recorded.value();
        Position source = new Position(letter.getTopic(), letter.getPartition(), letter.getOffset());
        if (source.topic().equals(topics.triggers())) {
            intake.second(source, new Consequence("", recorded.position()));
        } else if (source.topic().equals(topics.runCommands())) {
            boolean waited = waiting.values().stream().anyMatch(positions -> positions.remove(source));
            waiting.values().removeIf(List::isEmpty);
            if (!waited) {
                letters.add(source);
            }
        }
    }

    void started(Recorded<RunEvent> event) {
        String run = event.value().getRunId();
        findings.checked(Guarantee.G1, "runs");
        if (started.containsSince(run, event.value().getAt(), remembered)) {
            findings.violation(Guarantee.G1, run, "the run began for the second time", event.position());
        }
        started.put(run, event.value().getAt());
        waiting.remove(run);
    }

    /** The run has ended: from now on it is remembered for a while. */
    void ended(Recorded<RunEvent> event) {
        started.put(event.value().getRunId(), event.value().getAt());
    }

    void atEnd(Coverage coverage) {
        intake.firsts().forEach((position, pipeline) -> {
            if (coverage.isDealtWith(position)) {
                findings.violation(
                        Guarantee.G1,
                        "",
                        "the trigger of " + pipeline + " led neither to a run nor to a dead letter",
                        position);
            } else {
                findings.underWay("triggers");
            }
        });
        intake.seconds().forEach((position, consequence) -> {
            String run = consequence.run();
            if (!coverage.isFollowed(consequence.position())) {
                findings.underWay("triggers");
            } else if (!coverage.precedes(position)) {
                String what = run.isEmpty() ? "a second dead letter" : "a second command to start a run";
                findings.violation(
                        Guarantee.G1, run, what + " names this trigger, or the trigger is not there", position);
            }
        });
        waiting.forEach((run, positions) -> positions.forEach(position -> {
            if (coverage.isDealtWith(position)) {
                findings.violation(Guarantee.G1, run, "the command to start the run led to nothing", position);
            } else {
                findings.underWay("commands to start a run");
            }
        }));
    }

    private static Position positionOf(Trigger trigger) {
        return new Position(trigger.getTopic().orElse(""), trigger.getPartition(), trigger.getOffset());
    }
}
