package io.millrace.coordinator.topology;

import io.millrace.alert.Message;
import io.millrace.event.AlertDelivery;
import io.millrace.event.AlertDeliveryState;
import io.millrace.event.AlertMessageKind;
import io.millrace.event.AlertSignal;
import io.millrace.event.RunCommand;
import io.millrace.event.RunOutcome;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has messages about alerts passed on: each is a run of its channel, asked for in the transaction of the alert.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the partition.
 */
final class AlertSender {
    private static final Logger log = LoggerFactory.getLogger(AlertSender.class);

    private final ProcessorContext<byte[], Outbound> context;
    private final Decisions decisions;

    AlertSender(ProcessorContext<byte[], Outbound> context, Decisions decisions) {
        this.context = context;
        this.decisions = decisions;
    }

    /** Asks each channel to pass a message on. A channel that is not there cannot, which is put on record. */
    List<AlertDelivery> send(Message message, Instant now) {
        Document document = message.document();
        List<AlertDelivery> deliveries = new ArrayList<>();
        for (PipelineId channel : message.alert().terms().to()) {
            AlertDelivery.Builder delivery = AlertDelivery.newBuilder()
                    .setNumber(message.number())
                    .setKind(AlertMessageKind.valueOf(message.kind().name()))
                    .setChannel(channel.value())
                    .setAt(now);
            if (decisions
                    .pipelines()
                    .current(channel, PolledRecords.lastPollNanos())
                    .isPresent()) {
                RunCommand start = AlertMessages.send(channel, message, document, now);
                String trace = start.getTrigger()
                        .flatMap(trigger -> trigger.getTraceparent())
                        .orElse(null);
                context.forward(decisions.writer().command(start, trace, now), RunTopology.WRITE_ENGINE_COMMANDS);
                delivery.setRunId(start.getRunId()).setState(AlertDeliveryState.PENDING);
            } else {
                log.info(
                        "There is no channel {} for the alert {}",
                        channel,
                        message.alert().key());
                delivery.setState(AlertDeliveryState.UNDELIVERED)
                        .setReason("there is no channel " + channel)
                        .setEndedAt(now);
            }
            deliveries.add(delivery.build());
        }
        return deliveries;
    }

    /**
     * A channel's run has ended, or could not be started.
     *
     * @return the alert with what became of the message; empty when that is known, or the message is too old to be
     */
    static Optional<AlertRecords.Known> ended(AlertRecords.Known known, AlertSignal signal) {
        boolean passed = isPassed(signal);
        boolean any = false;
        List<AlertDelivery> deliveries = new ArrayList<>(known.deliveries());
        for (int i = 0; i < deliveries.size(); i++) {
            AlertDelivery delivery = deliveries.get(i);
            // A channel's run that is opened again by hand may still pass on what could not be.
            if (delivery.getRunId().equals(signal.getRunId()) && delivery.getState() != AlertDeliveryState.DELIVERED) {
                any = true;
                deliveries.set(
                        i,
                        AlertDelivery.newBuilder(delivery)
                                .setState(passed ? AlertDeliveryState.DELIVERED : AlertDeliveryState.UNDELIVERED)
                                .setReason(passed ? null : signal.getReason().orElse(null))
                                .setEndedAt(signal.getAt())
                                .build());
            }
        }
        if (any && !passed) {
            log.warn(
                    "A message about the alert {} could not be passed on by the run {} of its channel: {}",
                    known.alert().key(),
                    signal.getRunId().orElse(""),
                    signal.getReason().orElse(""));
        }
        return any ? Optional.of(new AlertRecords.Known(known.alert(), deliveries)) : Optional.empty();
    }

    /** Whether the message was passed on. */
    static boolean isPassed(AlertSignal signal) {
        return signal.getOutcome().orElse(RunOutcome.UNKNOWN) == RunOutcome.SUCCEEDED;
    }
}
