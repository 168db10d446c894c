package io.millrace.coordinator.topology;

import io.millrace.engine.Claimant;
import io.millrace.engine.Delivery;
import io.millrace.engine.RunHead;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import io.millrace.state.EndedRun;
import io.millrace.state.StoredRun;
import io.millrace.state.StoredTask;
import io.millrace.state.StoredTaskStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Stored state as the engine's values and as bytes.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class StateCodec {
    private final Encoder<StoredRun> runEncoder;
    private final Decoder<StoredRun> runDecoder;
    private final Encoder<StoredTask> taskEncoder;
    private final Decoder<StoredTask> taskDecoder;
    private final Encoder<EndedRun> endedEncoder;

    /** @param application the name that the changelogs' topics begin with */
    StateCodec(WireFormat wire, String application) {
        this.runEncoder = wire.encoder(application + ".stored-run", StoredRun.class);
        this.runDecoder = wire.decoder(StoredRun.class);
        this.taskEncoder = wire.encoder(application + ".stored-task", StoredTask.class);
        this.taskDecoder = wire.decoder(StoredTask.class);
        this.endedEncoder = wire.encoder(application + ".ended-run", EndedRun.class);
    }

    byte[] encode(RunHead head) {
        return runEncoder.encode(StoredRun.newBuilder()
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setInputs(head.inputs().json())
                .setTrigger(Triggers.toAvro(head.trigger()))
                .setSequence(head.sequence())
                .setStartedAt(head.startedAt())
                .setWakeAt(head.wakeAt())
                .build());
    }

    RunHead decodeHead(byte[] bytes) {
        StoredRun stored = decode(runDecoder, bytes);
        return new RunHead(
                new PipelineId(stored.getPipeline()),
                stored.getVersion(),
                Document.stored(stored.getInputs()),
                Triggers.fromAvro(stored.getTrigger().orElse(null)),
                stored.getSequence(),
                stored.getStartedAt(),
                stored.getWakeAt().orElse(null));
    }

    byte[] encode(TaskState task) {
        Claimant claimant = task.claimant();
        Document output = task.output();
        return taskEncoder.encode(StoredTask.newBuilder()
                .setStatus(StoredTaskStatus.valueOf(task.status().name()))
                .setAttempt(task.delivery().attempt())
                .setEpoch(task.delivery().epoch())
                .setOpenNeeds(task.openNeeds())
                .setSequence(task.sequence())
                .setWorker(claimant == null ? null : claimant.worker())
                .setIncarnation(claimant == null ? null : claimant.incarnation())
                .setWakeAt(task.wakeAt())
                .setOutput(output == null ? null : output.json())
                .build());
    }

    TaskState decodeTask(byte[] bytes) {
        StoredTask stored = decode(taskDecoder, bytes);
        @Nullable
        Claimant claimant = stored.getWorker()
                .map(worker -> new Claimant(worker, stored.getIncarnation().orElse("")))
                .orElse(null);
        return new TaskState(
                TaskStatus.valueOf(stored.getStatus().name()),
                new Delivery(stored.getAttempt(), stored.getEpoch()),
                stored.getOpenNeeds(),
                stored.getSequence(),
                claimant,
                stored.getWakeAt().orElse(null),
                stored.getOutput().map(Document::stored).orElse(null));
    }

    byte[] encodeEnded(RunHead head, long sequence, Instant endedAt) {
        return endedEncoder.encode(EndedRun.newBuilder()
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setSequence(sequence)
                .setEndedAt(endedAt)
                .build());
    }

    private static <T> T decode(Decoder<T> decoder, byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (UndecodableException e) {
            throw new IllegalStateException(
                    "The coordinator's own state cannot be read; its changelog was tampered with", e);
        }
    }
}
