package io.millrace.coordinator.topology;

import io.millrace.audit.log.Slots;
import io.millrace.audit.log.Triggers;
import io.millrace.engine.Claimant;
import io.millrace.engine.CommandId;
import io.millrace.engine.Delivery;
import io.millrace.engine.Ending;
import io.millrace.engine.ItemCount;
import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import io.millrace.engine.RunStatus;
import io.millrace.engine.TaskState;
import io.millrace.engine.TaskStatus;
import io.millrace.event.Alert;
import io.millrace.event.Backfill;
import io.millrace.event.RunOutcome;
import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.TaskId;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.Encoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import io.millrace.state.EndedRun;
import io.millrace.state.StoredItemCount;
import io.millrace.state.StoredItems;
import io.millrace.state.StoredJoin;
import io.millrace.state.StoredRun;
import io.millrace.state.StoredSchedule;
import io.millrace.state.StoredSlot;
import io.millrace.state.StoredStage;
import io.millrace.state.StoredTask;
import io.millrace.state.StoredTaskStatus;
import io.millrace.state.StoredWatch;
import io.millrace.state.WaitingCommand;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stored state as the engine's values and as bytes.
 *
 * <p><b>Threading:</b> safe for any number of threads.
 */
final class StateCodec {
    private static final String ITEMS = "items";

    private final Encoder<StoredRun> runEncoder;
    private final Decoder<StoredRun> runDecoder;
    private final Encoder<StoredTask> taskEncoder;
    private final Decoder<StoredTask> taskDecoder;
    private final Encoder<StoredItems> itemsEncoder;
    private final Decoder<StoredItems> itemsDecoder;
    private final Encoder<EndedRun> endedEncoder;
    private final Decoder<EndedRun> endedDecoder;
    private final Encoder<WaitingCommand> waitingEncoder;
    private final Decoder<WaitingCommand> waitingDecoder;
    private final Encoder<StoredSchedule> scheduleEncoder;
    private final Decoder<StoredSchedule> scheduleDecoder;
    private final Encoder<StoredSlot> slotEncoder;
    private final Decoder<StoredSlot> slotDecoder;
    private final Encoder<StoredJoin> joinEncoder;
    private final Decoder<StoredJoin> joinDecoder;
    private final Encoder<Alert> alertEncoder;
    private final Decoder<Alert> alertDecoder;
    private final Encoder<StoredWatch> watchEncoder;
    private final Decoder<StoredWatch> watchDecoder;
    private final Encoder<Backfill> backfillEncoder;
    private final Decoder<Backfill> backfillDecoder;

    /**
     * What a run's record says.
     *
     * @param tasks those that are stored within it
     */
    record WholeRun(RunHead head, Map<TaskId, TaskState> tasks) {}

    /** @param application the name that the changelogs' topics begin with */
    StateCodec(WireFormat wire, String application) {
        this.runEncoder = wire.encoder(application + ".stored-run", StoredRun.class);
        this.runDecoder = wire.decoder(StoredRun.class);
        this.taskEncoder = wire.encoder(application + ".stored-task", StoredTask.class);
        this.taskDecoder = wire.decoder(StoredTask.class);
        this.itemsEncoder = wire.encoder(application + ".stored-items", StoredItems.class);
        this.itemsDecoder = wire.decoder(StoredItems.class);
        this.endedEncoder = wire.encoder(application + ".ended-run", EndedRun.class);
        this.endedDecoder = wire.decoder(EndedRun.class);
        this.waitingEncoder = wire.encoder(application + ".waiting-command", WaitingCommand.class);
        this.waitingDecoder = wire.decoder(WaitingCommand.class);
        this.scheduleEncoder = wire.encoder(application + ".stored-schedule", StoredSchedule.class);
        this.scheduleDecoder = wire.decoder(StoredSchedule.class);
        this.slotEncoder = wire.encoder(application + ".stored-slot", StoredSlot.class);
        this.slotDecoder = wire.decoder(StoredSlot.class);
        this.joinEncoder = wire.encoder(application + ".stored-join", StoredJoin.class);
        this.joinDecoder = wire.decoder(StoredJoin.class);
        this.alertEncoder = wire.encoder(application + ".stored-alert", Alert.class);
        this.alertDecoder = wire.decoder(Alert.class);
        this.watchEncoder = wire.encoder(application + ".stored-watch", StoredWatch.class);
        this.watchDecoder = wire.decoder(StoredWatch.class);
        this.backfillEncoder = wire.encoder(application + ".stored-backfill", Backfill.class);
        this.backfillDecoder = wire.decoder(Backfill.class);
    }

    /**
     * A run's record.
     *
     * @param tasks those that are stored within it
     */
    byte[] encode(RunHead head, Map<TaskId, TaskState> tasks) {
        Ending ending = head.ending();
        return runEncoder.encode(StoredRun.newBuilder()
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setInputs(head.inputs().json())
                .setTrigger(Triggers.toAvro(head.trigger()))
                .setSequence(head.sequence())
                .setStartedAt(head.startedAt())
                .setWakeAt(head.wakeAt())
                .setStage(StoredStage.valueOf(head.stage().name()))
                .setOutcome(
                        ending == null
                                ? null
                                : RunOutcome.valueOf(ending.outcome().name()))
                .setOutcomeReason(ending == null ? null : ending.reason())
                .setSlot(head.slot() == null ? null : Slots.toAvro(head.slot()))
                .setCommands(head.commands().stream().map(CommandId::value).toList())
                .setTasks(tasks.entrySet().stream()
                        .map(task -> stored(task.getKey().value(), task.getValue()))
                        .toList())
                .build());
    }

    WholeRun decodeRun(byte[] bytes) {
        StoredRun stored = decode(runDecoder, bytes);
        Map<TaskId, TaskState> tasks = new HashMap<>();
        stored.getTasks().forEach(task -> tasks.put(new TaskId(task.getId()), task(task)));
        return new WholeRun(head(stored), tasks);
    }

    private static RunHead head(StoredRun stored) {
        return new RunHead(
                new PipelineId(stored.getPipeline()),
                stored.getVersion(),
                Document.stored(stored.getInputs()),
                Triggers.fromAvro(stored.getTrigger().orElse(null)),
                stored.getSequence(),
                stored.getStartedAt(),
                stored.getWakeAt().orElse(null),
                stored.getOutcome()
                        .map(outcome -> new Ending(
                                Stage.valueOf(stored.getStage().name()),
                                RunStatus.valueOf(outcome.name()),
                                stored.getOutcomeReason().orElse(null)))
                        .orElse(null),
                stored.getSlot().map(Slots::fromAvro).orElse(null),
                stored.getCommands().stream().map(CommandId::new).toList());
    }

    byte[] encodeItems(List<@Nullable Object> items) {
        return itemsEncoder.encode(StoredItems.newBuilder()
                .setItems(Document.ofValue(Map.of(ITEMS, items)).json())
                .build());
    }

    @SuppressWarnings("unchecked") // what encodeItems wrote
    List<@Nullable Object> decodeItems(byte[] bytes) {
        Object items =
                Document.stored(decode(itemsDecoder, bytes).getItems()).asMap().get(ITEMS);
        return (List<@Nullable Object>) Objects.requireNonNull(items);
    }

    byte[] encode(TaskState task) {
        return taskEncoder.encode(stored("", task));
    }

    private static StoredTask stored(String id, TaskState task) {
        Claimant claimant = task.claimant();
        Document output = task.output();
        RunId child = task.childRun();
        ItemCount items = task.items();
        return StoredTask.newBuilder()
                .setId(id)
                .setStatus(StoredTaskStatus.valueOf(task.status().name()))
                .setAttempt(task.delivery().attempt())
                .setEpoch(task.delivery().epoch())
                .setOpenNeeds(task.openNeeds())
                .setSequence(task.sequence())
                .setWorker(claimant == null ? null : claimant.worker())
                .setIncarnation(claimant == null ? null : claimant.incarnation())
                .setWakeAt(task.wakeAt())
                .setOutput(output == null ? null : output.json())
                .setEarlierAttempts(task.earlierAttempts())
                .setLosses(task.losses())
                .setCheckpoint(task.checkpoint())
                .setChildRunId(child == null ? null : child.value())
                .setItems(items == null ? null : encode(items))
                .build();
    }

    TaskState decodeTask(byte[] bytes) {
        return task(decode(taskDecoder, bytes));
    }

    private static TaskState task(StoredTask stored) {
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
                stored.getOutput().map(Document::stored).orElse(null),
                stored.getEarlierAttempts(),
                stored.getLosses(),
                stored.getCheckpoint().orElse(null),
                stored.getChildRunId().map(RunId::new).orElse(null),
                stored.getItems()
                        .map(items ->
                                new ItemCount(items.getTotal(), items.getNext(), items.getOpen(), items.getFailed()))
                        .orElse(null));
    }

    private static StoredItemCount encode(ItemCount items) {
        return StoredItemCount.newBuilder()
                .setTotal(items.total())
                .setNext(items.next())
                .setOpen(items.open())
                .setFailed(items.failed())
                .build();
    }

    byte[] encodeEnded(RunHead head, long sequence, Instant endedAt) {
        return endedEncoder.encode(EndedRun.newBuilder()
                .setPipeline(head.pipeline().value())
                .setVersion(head.version())
                .setSequence(sequence)
                .setEndedAt(endedAt)
                .build());
    }

    long decodeEndedSequence(byte[] bytes) {
        return decode(endedDecoder, bytes).getSequence();
    }

    byte[] encode(WaitingCommand command) {
        return waitingEncoder.encode(command);
    }

    byte[] encode(StoredSchedule schedule) {
        return scheduleEncoder.encode(schedule);
    }

    StoredSchedule decodeSchedule(byte[] bytes) {
        return decode(scheduleDecoder, bytes);
    }

    byte[] encode(StoredSlot slot) {
        return slotEncoder.encode(slot);
    }

    StoredSlot decodeSlot(byte[] bytes) {
        return decode(slotDecoder, bytes);
    }

    byte[] encode(StoredJoin join) {
        return joinEncoder.encode(join);
    }

    StoredJoin decodeJoin(byte[] bytes) {
        return decode(joinDecoder, bytes);
    }

    byte[] encode(Alert alert) {
        return alertEncoder.encode(alert);
    }

    Alert decodeAlert(byte[] bytes) {
        return decode(alertDecoder, bytes);
    }

    byte[] encode(StoredWatch watch) {
        return watchEncoder.encode(watch);
    }

    StoredWatch decodeWatch(byte[] bytes) {
        return decode(watchDecoder, bytes);
    }

    byte[] encode(Backfill backfill) {
        return backfillEncoder.encode(backfill);
    }

    Backfill decodeBackfill(byte[] bytes) {
        return decode(backfillDecoder, bytes);
    }

    WaitingCommand decodeWaiting(byte[] bytes) {
        return decode(waitingDecoder, bytes);
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
