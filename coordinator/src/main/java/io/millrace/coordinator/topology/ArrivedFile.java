package io.millrace.coordinator.topology;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.DeadLetterReason;
import io.millrace.event.FileArrival;
import io.millrace.event.RunCommand;
import io.millrace.event.RunCommandType;
import io.millrace.expression.Document;
import io.millrace.expression.EvaluationException;
import io.millrace.expression.InvalidDocumentException;
import io.millrace.pipeline.FilesSource;
import io.millrace.pipeline.TriggerDefinition;
import io.millrace.pipeline.TriggerScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A file that a worker has seen, and the trigger that waits for it.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
record ArrivedFile(
        Decisions decisions,
        PipelineVersion version,
        TriggerDefinition trigger,
        FilesSource source,
        FileArrival arrival) {

    /** What tells the file from all others of the trigger. @param key that the pipeline names, or null */
    private record Identity(String text, @Nullable String key) {}

    /**
     * The command to start a run; empty when the filter wants none.
     *
     * @throws RefusedException when that cannot be said, or the run cannot be
     */
    Optional<RunCommand> command(RecordMetadata position, String trace, Instant now) throws RefusedException {
        TriggerScope scope = TriggerScope.ofFile(event());
        if (!isAccepted(scope)) {
            return Optional.empty();
        }
        Identity identity = identity(scope);
        RunTrigger started = new RunTrigger(
                RunTrigger.Kind.FILE,
                name(),
                identity.key(),
                new RunTrigger.RecordPosition(position.topic(), position.partition(), position.offset()),
                null,
                new RunTrigger.Firing(trigger.id().value(), arrival.getModified()),
                trace);
        return Optional.of(RunCommand.newBuilder()
                .setType(RunCommandType.START)
                .setRunId(RunId.ofFiring(version.id(), trigger.id().value(), identity.text())
                        .value())
                .setPipeline(version.id().value())
                .setVersion(version.version())
                .setInputs(inputs(scope).json())
                .setTrigger(Triggers.toAvro(started))
                .setRequestedAt(now)
                .build());
    }

    /** What the trigger is told of the file. */
    private Map<String, Object> event() {
        String path = arrival.getPath();
        String directory = arrival.getDirectory();
        int below = directory.endsWith("/") ? directory.length() : directory.length() + 1;
        return Map.of(
                "path",
                path,
                "name",
                path.substring(path.lastIndexOf('/') + 1),
                "directory",
                directory,
                "relative",
                path.startsWith(directory) && path.length() > below ? path.substring(below) : path,
                "size",
                arrival.getSize(),
                "modified",
                arrival.getModified().toString(),
                "worker",
                arrival.getWorker());
    }

    private boolean isAccepted(TriggerScope scope) throws RefusedException {
        try {
            return trigger.accepts(scope);
        } catch (EvaluationException e) {
            throw refused(DeadLetterReason.INVALID_TRIGGER, "the filter: " + e.getMessage());
        }
    }

    private Identity identity(TriggerScope scope) throws RefusedException {
        if (source.key().isEmpty()) {
            return new Identity(
                    "file " + arrival.getSize() + " " + arrival.getModified().toEpochMilli() + " " + arrival.getPath(),
                    null);
        }
        try {
            String key = source.key().get().of(scope);
            return new Identity("key " + key, key);
        } catch (EvaluationException e) {
            throw refused(DeadLetterReason.INVALID_TRIGGER, "the key: " + e.getMessage());
        }
    }

    private Document inputs(TriggerScope scope) throws RefusedException {
        try {
            return RunInputs.checked(decisions, version, trigger.inputsOf(scope));
        } catch (EvaluationException | InvalidDocumentException e) {
            throw refused(DeadLetterReason.INVALID_INPUTS, "the inputs: " + e.getMessage());
        } catch (RefusedException e) {
            throw refused(e.reason(), e.getMessage());
        }
    }

    private RefusedException refused(DeadLetterReason reason, @Nullable String why) {
        return new RefusedException(
                reason, "the trigger " + name() + " and the file " + arrival.getPath() + ": " + why);
    }

    private String name() {
        return version.id().value() + "/" + trigger.id().value();
    }
}
