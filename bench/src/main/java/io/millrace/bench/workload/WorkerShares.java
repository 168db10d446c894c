package io.millrace.bench.workload;

import io.millrace.bench.figure.Spread;
import io.millrace.bench.lab.AuditTail;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the tasks of each worker, of every hundredth task: to look into all of them would cost what is measured.
 *
 * <p><b>Threading:</b> the one that reads the audit log tells it, any may ask.
 */
final class WorkerShares implements AuditTail.Listener {
    private static final int OF = 100;

    private final Map<String, Integer> tasks = new ConcurrentHashMap<>();
    private int seen;

    @Override
    public void seen(AuditTail.Entry entry, long nanos) {
        if (entry.type().equals("task.succeeded") && seen++ % OF == 0) {
            entry.event().getWorker().ifPresent(this::add);
        }
    }

    void add(String worker) {
        tasks.merge(worker, 1, Integer::sum);
    }

    /** What each of so many workers did, where 1 is as much as all the others; one that did nothing counts as well. */
    Spread ofAnEvenOne(int workers) {
        double even = tasks.values().stream().mapToInt(count -> count).sum() / (double) workers;
        List<Double> shares = new ArrayList<>();
        tasks.values().forEach(count -> shares.add(count / even));
        while (shares.size() < workers) {
            shares.add(0.0);
        }
        return Spread.of(shares);
    }
}
