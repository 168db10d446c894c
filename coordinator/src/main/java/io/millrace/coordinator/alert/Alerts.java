package io.millrace.coordinator.alert;

import io.millrace.coordinator.catalogue.IntakeUnavailableException;
import io.millrace.coordinator.intake.SettingsWriter;
import io.millrace.event.Alert;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertPhase;
import io.millrace.event.AlertSignal;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The alerts, as their topic shows them, and what people say of them.
 *
 * <p><b>Threading.</b> Thread-safe. Looking never waits; saying something may wait for Kafka, so keep it off event loops.
 */
public final class Alerts implements AutoCloseable {
    private final TopicTable<Alert> table;
    private final SettingsWriter<AlertSignal> writer;

    private Alerts(KafkaAccess kafka, WireFormat wire) {
        this.table = TopicTable.open(kafka.topics().alerts(), wire, kafka);
        this.writer = new SettingsWriter<>(kafka.topics().alertSignals(), kafka, wire);
    }

    /** Reads from now on; returns at once, also while Kafka is away. */
    public static Alerts open(KafkaAccess kafka, WireFormat wire) {
        return new Alerts(kafka, wire);
    }

    /**
     * Returns once all that was known of alerts before the call is known here.
     *
     * @throws IntakeUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) throws InterruptedException {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new IntakeUnavailableException("The alerts cannot be read: " + e.getMessage(), e);
        }
    }

    /** The alert with this id; empty when there is none, or it is forgotten. */
    public Optional<Alert> get(String id) {
        return table.values().stream()
                .filter(alert -> alert.getAlertId().equals(id))
                .findFirst();
    }

    /** Those that pass, what is wrong now first, then what changed last. */
    public List<Alert> all(Predicate<Alert> filter) {
        return table.values().stream()
                .filter(alert -> alert.getPhase() != AlertPhase.QUIET)
                .filter(filter)
                .sorted(Comparator.comparing(Alerts::isRaised)
                        .thenComparing(Alert::getChangedAt)
                        .thenComparing(Alert::getAlertId)
                        .reversed())
                .toList();
    }

    /** Whether something is wrong. */
    public static boolean isRaised(Alert alert) {
        return alert.getPhase() == AlertPhase.OPEN || alert.getPhase() == AlertPhase.ACKNOWLEDGED;
    }

    /** Whether one of the last messages about it did not reach a channel. */
    public static boolean isUndelivered(Alert alert) {
        return alert.getDeliveries().stream()
                .anyMatch(delivery -> delivery.getState() == AlertDeliveryState.UNDELIVERED);
    }

    /** Says something of an alert; completes when Kafka has acknowledged it, or with an {@link IntakeUnavailableException}. */
    public CompletionStage<Void> say(AlertSignal signal) {
        String type = "io.millrace.alert_signal." + signal.getType().name().toLowerCase(Locale.ROOT);
        return writer.set(signal.getPipeline(), signal, type, signal.getAt());
    }

    @Override
    public void close() {
        table.close();
        writer.close();
    }
}
