package io.millrace.audit.verify;

import io.millrace.event.BackfillCommand;
import io.millrace.event.BackfillCommandType;
import io.millrace.event.RunCommand;
import io.millrace.event.RunEvent;
import io.millrace.event.Trigger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A backfill asks for the run of a tick once; the run then begins for it, or the backfill is told why not; and of a run that ended for it, it is told
 * (G1).
 */
final class BackfillsCheck {
    /** The run of a tick, as a backfill asks for it. */
    private record Asked(String backfill, String run) {}

    private final Findings findings;
    private final Map<Asked, Position> asked = new HashMap<>();
    private final Set<Asked> begun = new HashSet<>();
    private final Set<Asked> declined = new HashSet<>();
    private final Set<Asked> told = new HashSet<>();
    /** What runs that are open are under way for. */
    private final Map<String, Asked> open = new HashMap<>();

    private final Map<Asked, Position> ended = new HashMap<>();

    BackfillsCheck(Findings findings) {
        this.findings = findings;
    }

    /** A command of the type BACKFILL. */
    void asked(Recorded<RunCommand> command) {
        String run = command.value().getRunId();
        String backfill =
                command.value().getTrigger().flatMap(Trigger::getBackfillId).orElse("");
        findings.checked(Guarantee.G1, "runs that backfills asked for");
        Position before = asked.put(new Asked(backfill, run), command.position());
        if (before != null) {
            findings.violation(
                    Guarantee.G1,
                    run,
                    "the backfill " + backfill + " asked for the run a second time",
                    before,
                    command.position());
        }
    }

    void command(Recorded<BackfillCommand> command) {
        BackfillCommandType type = command.value().getType();
        Asked about = new Asked(
                command.value().getBackfillId(), command.value().getRunId().orElse(""));
        if (type == BackfillCommandType.RUN_ENDED) {
            told.add(about);
        } else if (type == BackfillCommandType.RUN_THERE || type == BackfillCommandType.RUN_REFUSED) {
            declined.add(about);
        }
    }

    void event(Recorded<RunEvent> event) {
        RunEvent value = event.value();
        switch (value.getType()) {
            case RUN_STARTED ->
                value.getTrigger()
                        .flatMap(Trigger::getBackfillId)
                        .ifPresent(backfill -> begins(new Asked(backfill, value.getRunId())));
            case RUN_RERUN -> {
                open.remove(value.getRunId());
                value.getBackfillId().ifPresent(backfill -> begins(new Asked(backfill, value.getRunId())));
            }
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> {
                Asked about = open.remove(value.getRunId());
                if (about != null) {
                    ended.put(about, event.position());
                }
            }
            default -> {}
        }
    }

    private void begins(Asked about) {
        begun.add(about);
        open.put(about.run(), about);
    }

    void atEnd(Coverage coverage) {
        asked.forEach((about, position) -> {
            boolean isBegun = begun.contains(about);
            if (isBegun && declined.contains(about)) {
                findings.violation(
                        Guarantee.G1,
                        about.run(),
                        "the backfill " + about.backfill() + " was told that the run was not begun for it, and it was",
                        position);
            } else if (!isBegun && !declined.contains(about)) {
                if (coverage.isDealtWith(position)) {
                    findings.violation(
                            Guarantee.G1,
                            about.run(),
                            "the backfill " + about.backfill() + " asked for the run, and nothing came of it",
                            position);
                } else {
                    findings.underWay("runs that backfills asked for");
                }
            }
        });
        ended.forEach((about, end) -> {
            if (!told.contains(about) && coverage.isFollowed(end)) {
                findings.violation(
                        Guarantee.G1,
                        about.run(),
                        "the run ended, and the backfill " + about.backfill() + " was not told",
                        end);
            }
        });
    }
}
