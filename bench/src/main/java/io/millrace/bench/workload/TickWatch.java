package io.millrace.bench.workload;

import io.millrace.bench.lab.AuditTail;
import io.millrace.bench.lab.LabException;
import io.millrace.bench.role.EpochMicros;
import io.millrace.event.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How late the runs of schedules start, by tick: from the tick to the moment at which the start can be read in the audit log.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class TickWatch implements AuditTail.Listener {
    private final int schedules;
    private final Map<Instant, List<Double>> late = new HashMap<>();
    private final Set<String> runs = new HashSet<>();

    /** @param schedules how many are due at each tick */
    TickWatch(int schedules) {
        this.schedules = schedules;
    }

    /** @throws LabException when a run has started twice, or a tick more runs than there are schedules */
    @Override
    public synchronized void seen(AuditTail.Entry entry, long nanos) {
        if (!entry.type().equals("run.started")) {
            return;
        }
        long nowMicros = EpochMicros.now();
        Instant tick =
                entry.event().getTrigger().flatMap(Trigger::getLogicalTime).orElseThrow();
        List<Double> ofTick = late.computeIfAbsent(tick, any -> new ArrayList<>());
        ofTick.add(nowMicros / 1e3 - tick.toEpochMilli());
        if (!runs.add(entry.run()) || ofTick.size() > schedules) {
            throw new LabException("The tick at " + tick + " has started " + entry.run() + " once too often");
        }
    }

    /** Whether every schedule has fired at this tick. */
    synchronized boolean isWhole(Instant tick) {
        return count(tick) == schedules;
    }

    synchronized int count(Instant tick) {
        return late.getOrDefault(tick, List.of()).size();
    }

    /** How late the runs of a tick have started, in milliseconds. */
    synchronized List<Double> late(Instant tick) {
        return List.copyOf(late.getOrDefault(tick, List.of()));
    }
}
