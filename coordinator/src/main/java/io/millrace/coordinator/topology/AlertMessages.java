package io.millrace.coordinator.topology;

import io.millrace.alert.AlertKey;
import io.millrace.alert.Message;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.RunTrigger;
import io.millrace.event.AlertSignal;
import io.millrace.event.AlertSignalType;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.event.RunOutcome;
import io.millrace.expression.Document;
import io.millrace.pipeline.AlertId;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.EventHeaders;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What alerts ask of runs, and are told by them: a channel's run passes a message on, and its end is told to the alert. */
final class AlertMessages {
    /** The input of a channel that holds what there is to say. */
    static final String INPUT = "alert";

    private AlertMessages() {}

    /** Asks a channel to pass a message on. */
    static RunCommand send(PipelineId channel, Message message, Document document, Instant now) {
        AlertKey key = message.alert().key();
        String trace = EventHeaders.newTraceparent();
        RunTrigger trigger = new RunTrigger(
                RunTrigger.Kind.ALERT, key.toString(), key.id() + "/" + message.number(), null, null, null, trace);
        return RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(run(channel, message).value())
                .setPipeline(channel.value())
                .setVersion(EngineCommands.CURRENT_VERSION)
                .setInputs(Document.of(Map.of(INPUT, document.asMap())).json())
                .setTrigger(Triggers.toAvro(trigger))
                .setRequestedAt(now)
                .build();
    }

    /** The run of a channel that passes a message on. */
    static RunId run(PipelineId channel, Message message) {
        return RunId.ofMessage(channel, message.alert().key().id(), message.number());
    }

    /**
     * What the alert is told of the run that was to pass its message on; empty when a run was for none.
     *
     * @param outcome how it ended; null when it was refused
     */
    static Optional<AlertSignal> delivered(
            RunId run, RunTrigger trigger, @Nullable RunStatus outcome, @Nullable String reason, Instant now) {
        String identity = trigger.idempotencyKey();
        if (trigger.kind() != RunTrigger.Kind.ALERT || identity == null) {
            return Optional.empty();
        }
        AlertKey key = key(trigger.source());
        return Optional.of(AlertSignal.newBuilder()
                .setType(AlertSignalType.DELIVERY_ENDED)
                .setPipeline(key.pipeline().value())
                .setRule(key.rule().value())
                .setGroup(key.group())
                .setRunId(run.value())
                .setNumber(Long.parseLong(identity.substring(identity.lastIndexOf('/') + 1)))
                .setOutcome(outcome == null ? RunOutcome.REFUSED : RunOutcome.valueOf(outcome.name()))
                .setReason(reason)
                .setAt(now)
                .build());
    }

    /** The key that its text stands for. */
    private static AlertKey key(String text) {
        String[] parts = text.split("/", 3);
        return new AlertKey(new PipelineId(parts[0]), new AlertId(parts[1]), parts.length == 3 ? parts[2] : "");
    }
}
