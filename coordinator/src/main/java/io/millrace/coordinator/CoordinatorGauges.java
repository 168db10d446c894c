package io.millrace.coordinator;

import io.micrometer.core.instrument.Tags;
import io.millrace.coordinator.alert.Alerts;
import io.millrace.coordinator.fleet.WorkerDirectory;
import io.millrace.coordinator.fleet.WorkerView;
import io.millrace.coordinator.metrics.Measurements;
import io.millrace.coordinator.query.History;
import io.millrace.coordinator.topology.RunEngineStreams;
import io.millrace.event.AlertPhase;
import java.util.List;
import java.util.Locale;

/** What is measured of a coordinator's parts. */
final class CoordinatorGauges {
    private CoordinatorGauges() {}

    static void bind(
            Measurements measurements,
            RunEngineStreams engine,
            History history,
            WorkerDirectory workers,
            Alerts alerts) {
        measurements.bind(engine.meters());
        measurements.bind(engine.counts());
        measurements.gauge("millrace.history.lag", "Events that the history has still to read", history::lag);
        measurements.gauge(
                "millrace.history.caught.up", "1 once the history was complete", () -> history.isCaughtUp() ? 1 : 0);
        measurements.gauge(
                "millrace.engine.running",
                "1 while the run engine runs",
                () -> engine.trouble().isEmpty() ? 1 : 0);
        for (WorkerView.Health health : WorkerView.Health.values()) {
            measurements.gauge(
                    "millrace.workers",
                    "Workers by how they are",
                    Tags.of("health", health.name().toLowerCase(Locale.ROOT)),
                    () -> workers.workers().stream()
                            .filter(worker -> worker.health() == health)
                            .count());
        }
        for (AlertPhase phase : List.of(AlertPhase.OPEN, AlertPhase.ACKNOWLEDGED)) {
            measurements.gauge(
                    "millrace.alerts",
                    "Alerts about what is wrong now",
                    Tags.of("status", phase.name().toLowerCase(Locale.ROOT)),
                    () -> alerts.all(alert -> alert.getPhase() == phase).size());
        }
        measurements.gauge(
                "millrace.alerts.undelivered",
                "Alerts about what is wrong now of which a message did not reach a channel",
                () -> alerts.all(alert -> Alerts.isRaised(alert) && Alerts.isUndelivered(alert))
                        .size());
    }
}
