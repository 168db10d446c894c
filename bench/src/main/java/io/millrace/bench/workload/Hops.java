package io.millrace.bench.workload;

import io.millrace.bench.lab.AuditTail;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes the time from the end of a task to the end of the next one of its run.
 *
 * <p><b>Threading:</b> used by the one that reads the audit log.
 */
final class Hops implements AuditTail.Listener {
    private final Quantiles quantiles;
    private final Map<String, Long> lastNanos = new HashMap<>();

    /** @param quantiles is given each, in milliseconds */
    Hops(Quantiles quantiles) {
        this.quantiles = quantiles;
    }

    @Override
    public void seen(AuditTail.Entry entry, long nanos) {
        String type = entry.type();
        if (type.equals("task.succeeded")) {
            Long last = lastNanos.put(entry.run(), nanos);
            if (last != null) {
                quantiles.add((nanos - last) / 1e6);
            }
        } else if (type.equals("run.succeeded")) {
            lastNanos.remove(entry.run());
        }
    }
}
