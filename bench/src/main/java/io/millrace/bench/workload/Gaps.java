package io.millrace.bench.workload;

import io.millrace.bench.lab.AuditTail;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds how long at most no run ends in a partition: those of a lost coordinator stand still while others go on.
 *
 * <p><b>Threading:</b> the one that reads the audit log tells it; asked when that is over.
 */
final class Gaps implements AuditTail.Listener {
    private final Map<Integer, Long> lastNanos = new HashMap<>();
    private volatile long longestNanos;

    @Override
    public void seen(AuditTail.Entry entry, long nanos) {
        if (entry.type().equals("run.succeeded")) {
            Long last = lastNanos.put(entry.partition(), nanos);
            if (last != null) {
                longestNanos = Math.max(longestNanos, nanos - last);
            }
        }
    }

    double longestSeconds() {
        return longestNanos / 1e9;
    }
}
