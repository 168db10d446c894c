package io.millrace.audit.verify;

import io.millrace.event.Admission;
import io.millrace.event.AdmissionType;
import io.millrace.event.RunEvent;
import io.millrace.event.RunSlot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Never do more runs of a pipeline with one key have a slot than the limit allows, never more of those that share a pool than the pool has, and who ends
 * gives its slot back (G11). No clock is asked: all that concerns slots that are shared lies in one partition of the topic of admissions, where a run
 * has a slot from the record by which it was given to it, of which its event tells, to the record by which it gives it back.
 */
final class SlotsCheck {
    /** One request of a run. */
    private record Request(String run, long asked) {}

    /** Runs that share a limit: a pool's, or that of a pipeline within a pool or by itself. */
    private record Sharing(Optional<String> pool, Optional<String> pipeline, String key) {
        String inWords() {
            return pipeline.map(id -> "of the pipeline " + id + (key.isEmpty() ? "" : " with the key " + key))
                    .orElseGet(() -> "of the pool " + pool.orElseThrow());
        }
    }

    /** That a slot was given. @param from the offset from which on the run has it */
    private record Given(Request request, long from, int limit, Position event) {}

    /** That a run ended. @param sequence the number of the event that says so */
    private record Ended(long sequence, Position event) {}

    /** That a slot was given back. @param ended the number of the event by which the run ended, as it says itself */
    private record Released(long ended, Position record) {}

    /** What is written of a pipeline in a pool that has no limit of its own. */
    private static final int NO_LIMIT = 0;

    private final Findings findings;
    private final Map<Sharing, List<Given>> given = new HashMap<>();
    private final Map<Request, Ended> ended = new HashMap<>();
    private final Map<Request, Released> released = new HashMap<>();

    SlotsCheck(Findings findings) {
        this.findings = findings;
    }

    void admission(Recorded<Admission> admission) {
        Admission value = admission.value();
        if (value.getType() == AdmissionType.RELEASE) {
            released.putIfAbsent(
                    new Request(value.getRunId(), value.getAsked()),
                    new Released(value.getEnded(), admission.position()));
        }
    }

    void given(Recorded<RunEvent> event, RunSlot slot) {
        RunEvent value = event.value();
        given(
                event,
                slot,
                new Sharing(slot.getPool(), Optional.of(value.getPipeline()), slot.getKey()),
                slot.getLimit());
        if (slot.getPool().isPresent()) {
            given(event, slot, new Sharing(slot.getPool(), Optional.empty(), ""), slot.getPoolLimit());
        }
    }

    private void given(Recorded<RunEvent> event, RunSlot slot, Sharing sharing, int limit) {
        if (limit != NO_LIMIT) {
            given.computeIfAbsent(sharing, none -> new ArrayList<>())
                    .add(new Given(
                            new Request(event.value().getRunId(), slot.getAsked()),
                            slot.getOffset(),
                            limit,
                            event.position()));
        }
    }

    void ended(Recorded<RunEvent> event, RunSlot slot) {
        RunEvent value = event.value();
        ended.put(new Request(value.getRunId(), slot.getAsked()), new Ended(value.getSequence(), event.position()));
    }

    void atEnd(Coverage coverage) {
        ended.forEach((request, end) -> {
            Released release = released.get(request);
            if (release == null && coverage.isFollowed(end.event())) {
                findings.violation(
                        Guarantee.G11, request.run(), "the run ended and did not give its slot back", end.event());
            } else if (release != null && release.ended() != end.sequence()) {
                findings.violation(
                        Guarantee.G11,
                        request.run(),
                        "the slot was given back at event " + release.ended() + ", and the run ended with event "
                                + end.sequence(),
                        end.event(),
                        release.record());
            }
        });
        given.forEach((sharing, slots) -> {
            slots.forEach(slot -> endedFirst(slot, coverage));
            neverMoreThanAllowed(sharing, slots);
        });
    }

    private void endedFirst(Given slot, Coverage coverage) {
        Released release = released.get(slot.request());
        if (release != null && !ended.containsKey(slot.request()) && coverage.isFollowed(release.record())) {
            findings.violation(
                    Guarantee.G11,
                    slot.request().run(),
                    "the run gave its slot back, and has not ended",
                    slot.event(),
                    release.record());
        }
    }

    /** Walks through the slots as they were given; at each, those count that have not been given back by the same record or before it. */
    private void neverMoreThanAllowed(Sharing sharing, List<Given> slots) {
        List<Given> inOrder =
                slots.stream().sorted(Comparator.comparingLong(Given::from)).toList();
        List<Given> held = new ArrayList<>();
        for (Given next : inOrder) {
            held.removeIf(other -> until(other) <= next.from());
            held.add(next);
            if (held.size() > next.limit()) {
                findings.violation(
                        Guarantee.G11,
                        next.request().run(),
                        "it was run " + held.size() + " " + sharing.inWords()
                                + " that was under way, and the limit was " + next.limit(),
                        held.stream().map(Given::event).limit(3).toArray(Position[]::new));
            }
        }
    }

    private long until(Given slot) {
        Released release = released.get(slot.request());
        return release == null ? Long.MAX_VALUE : release.record().offset();
    }
}
