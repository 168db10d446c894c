package io.millrace.coordinator.query;

import io.millrace.engine.AttemptStatus;
import io.millrace.event.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The deliveries of one task while the run's events are folded, oldest first. Not thread-safe.
 *
 * <p>An event may name a delivery whose dispatch was not seen (its part of the log is gone): then the delivery is
 * entered as the event has it.
 */
final class DeliveryFold {
    private final List<AttemptView> deliveries = new ArrayList<>(1);

    void dispatched(int attempt, int epoch) {
        if (indexOf(attempt, epoch) < 0) {
            deliveries.add(new AttemptView(
                    attempt,
                    epoch,
                    AttemptStatus.DISPATCHED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    /** By an event that is not about the task: its first attempt, or in a run that was opened again the one after the last. */
    void dispatchedAnew() {
        if (deliveries.isEmpty()) {
            dispatched(1, 1);
        } else if (last().endedAt().isPresent()) {
            dispatched(last().attempt() + 1, 1);
        }
    }

    void claimed(RunEvent event) {
        if (event.getAttempt() > 0) {
            put(new AttemptView(
                    event.getAttempt(),
                    event.getEpoch(),
                    AttemptStatus.CLAIMED,
                    event.getWorker(),
                    Optional.of(event.getAt()),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty()));
        }
    }

    /** An event of attempt 0 ends no delivery: none was made. */
    void ended(RunEvent event, AttemptStatus how) {
        if (event.getAttempt() == 0) {
            return;
        }
        int index = indexOf(event.getAttempt(), event.getEpoch());
        Optional<String> worker = event.getWorker();
        Optional<Instant> startedAt = Optional.empty();
        if (index >= 0) {
            AttemptView before = deliveries.get(index);
            if (before.endedAt().isPresent()) {
                return;
            }
            worker = before.worker().or(event::getWorker);
            startedAt = before.startedAt();
        }
        put(new AttemptView(
                event.getAttempt(),
                event.getEpoch(),
                how,
                worker,
                startedAt,
                Optional.of(event.getAt()),
                event.getFailure(),
                event.getLogs()));
    }

    /** The current attempt; 0 before the first. */
    int attempt() {
        return deliveries.isEmpty() ? 0 : last().attempt();
    }

    /** The current delivery within the attempt; 0 before the first. */
    int epoch() {
        return deliveries.isEmpty() ? 0 : last().epoch();
    }

    List<AttemptView> views() {
        return List.copyOf(deliveries);
    }

    private AttemptView last() {
        return deliveries.get(deliveries.size() - 1);
    }

    private void put(AttemptView delivery) {
        int index = indexOf(delivery.attempt(), delivery.epoch());
        if (index < 0) {
            deliveries.add(delivery);
        } else {
            deliveries.set(index, delivery);
        }
    }

    /** From the end, since it is nearly always the last. */
    private int indexOf(int attempt, int epoch) {
        for (int i = deliveries.size() - 1; i >= 0; i--) {
            AttemptView delivery = deliveries.get(i);
            if (delivery.attempt() == attempt && delivery.epoch() == epoch) {
                return i;
            }
        }
        return -1;
    }
}
