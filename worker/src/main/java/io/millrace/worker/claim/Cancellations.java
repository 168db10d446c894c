package io.millrace.worker.claim;

import io.millrace.worker.execute.DeliveryId;
import io.millrace.worker.execute.StopSignal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The cancellations that were read lately: they stop what is executed here, and keep from being executed what is claimed only after its cancellation
 * (two topics have no common order).
 *
 * <p><b>Threading:</b> the control thread adds, the poll thread asks.
 */
final class Cancellations {
    private static final int REMEMBERED = 10_000;

    private final Slots slots;
    private final Map<DeliveryId, String> latest = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DeliveryId, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    Cancellations(Slots slots) {
        this.slots = slots;
    }

    void add(DeliveryId id, String reason) {
        synchronized (latest) {
            latest.put(id, reason);
        }
        slots.stop(id, StopSignal.Reason.CANCELLED, sentence(reason));
    }

    boolean contains(DeliveryId id) {
        synchronized (latest) {
            return latest.containsKey(id);
        }
    }

    /** For a delivery that has just got its slot: its cancellation may have come between the question and the slot. */
    void applyTo(DeliveryId id, StopSignal stop) {
        String reason;
        synchronized (latest) {
            reason = latest.get(id);
        }
        if (reason != null) {
            stop.request(StopSignal.Reason.CANCELLED, sentence(reason));
        }
    }

    private static String sentence(String reason) {
        return reason.isBlank() ? "Cancelled." : "Cancelled: " + reason;
    }
}
