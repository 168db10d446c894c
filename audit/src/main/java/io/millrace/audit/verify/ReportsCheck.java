package io.millrace.audit.verify;

import io.millrace.event.Cause;
import io.millrace.event.CauseKind;
import io.millrace.event.DeadLetter;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.TaskReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every report of a worker was answered once, by what it led to or by a rejection, or is a dead letter (G3, G6); and what an
 * event says of a report is what the report says: whoever follows a cause finds the record (G6).
 */
final class ReportsCheck {
    /** What both of them say. */
    private record Said(String run, Delivery delivery, String worker, String incarnation) {}

    private record Answer(Said said, RunEventType type, Position position) {}

    private final Findings findings;
    private final AuditedTopics topics;
    private final Pairs<Position, Said, Answer> pairs = new Pairs<>();
    private final Set<Position> letters = new HashSet<>();
    /** The cause of the last event of each partition of the log: those of one step follow each other. */
    private final Map<Integer, Position> last = new HashMap<>();

    ReportsCheck(Findings findings, AuditedTopics topics) {
        this.findings = findings;
        this.topics = topics;
    }

    void report(Recorded<TaskReport> report) {
        TaskReport value = report.value();
        findings.checked(Guarantee.G3, "reports");
        Said said = new Said(value.getRunId(), Delivery.of(value), value.getWorker(), value.getIncarnation());
        pairs.first(report.position(), said).ifPresent(answer -> compare(report.position(), said, answer));
    }

    void letter(DeadLetter letter) {
        if (letter.getTopic().equals(topics.taskEvents())) {
            letters.add(new Position(letter.getTopic(), letter.getPartition(), letter.getOffset()));
        }
    }

    void event(Recorded<RunEvent> event) {
        Optional<Position> cause = event.value().getCause().flatMap(ReportsCheck::record);
        if (cause.isEmpty() || !cause.get().topic().equals(topics.taskEvents())) {
            last.remove(event.position().partition());
            return;
        }
        if (cause.get().equals(last.put(event.position().partition(), cause.get()))) {
            return; // A further event of the same step.
        }
        RunEvent value = event.value();
        Said said = new Said(
                value.getRunId(),
                Delivery.of(value),
                value.getWorker().orElse(""),
                value.getIncarnation().orElse(""));
        Answer answer = new Answer(said, value.getType(), event.position());
        pairs.second(cause.get(), answer).ifPresent(report -> compare(cause.get(), report, answer));
    }

    static Optional<Position> record(Cause cause) {
        return cause.getKind() == CauseKind.RECORD
                ? Optional.of(new Position(cause.getTopic().orElse(""), cause.getPartition(), cause.getOffset()))
                : Optional.empty();
    }

    private void compare(Position report, Said said, Answer answer) {
        if (!said.equals(answer.said())) {
            findings.violation(
                    Guarantee.G3,
                    said.run(),
                    answer.type() + " is about " + answer.said() + ", but the report that led to it is about " + said,
                    report,
                    answer.position());
        }
    }

    void atEnd(Coverage coverage) {
        pairs.firsts().forEach((position, said) -> {
            if (letters.contains(position)) {
                return;
            }
            if (coverage.isDealtWith(position)) {
                findings.violation(
                        Guarantee.G6,
                        said.run(),
                        "the report on " + said.delivery() + " by " + said.worker()
                                + " was neither accepted nor rejected",
                        position);
            } else {
                findings.underWay("reports");
            }
        });
        pairs.seconds().forEach((position, answer) -> {
            if (!coverage.isFollowed(answer.position())) {
                findings.underWay("reports");
            } else if (!coverage.precedes(position)) {
                findings.violation(
                        Guarantee.G3,
                        answer.said().run(),
                        answer.type() + " answers a report that was answered before, or is not there",
                        answer.position(),
                        position);
            }
        });
    }
}
