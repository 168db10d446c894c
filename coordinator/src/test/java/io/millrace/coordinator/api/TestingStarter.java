package io.millrace.coordinator.api;

import io.millrace.audit.log.Triggers;
import io.millrace.coordinator.catalogue.PipelineVersion;
import io.millrace.coordinator.catalogue.RunStarter;
import io.millrace.coordinator.catalogue.TestingLog;
import io.millrace.engine.CommandId;
import io.millrace.engine.RunId;
import io.millrace.engine.RunTrigger;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.expression.Document;
import io.millrace.pipeline.Inputs;
import io.millrace.pipeline.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Stands for the run engine: what it is asked for it writes to the audit log at once, and it can be told to fail. */
final class TestingStarter implements RunStarter {
    private static final Written NOWHERE = new Written(0, -1);

    private final TestingLog log;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<CommandId> ids = new CopyOnWriteArrayList<>();
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private @Nullable RuntimeException failure;
    private @Nullable List<RunEvent> held;
    private volatile String lastSource = "";

    TestingStarter(TestingLog log) {
        this.log = log;
    }

    /** From now on nothing is accepted; null ends that. */
    synchronized void failWith(@Nullable RuntimeException newFailure) {
        failure = newFailure;
    }

    String lastSource() {
        return lastSource;
    }

    @Override
    public synchronized CompletionStage<Accepted> start(
            PipelineVersion pipeline, Document inputs, Optional<String> idempotencyKey, String source) {
        RunTrigger trigger =
                new RunTrigger(RunTrigger.Kind.API, source, idempotencyKey.orElse(null), null, null, null, null);
        return start(
                RunId.ofKey(
                        pipeline.id(), idempotencyKey.orElse(UUID.randomUUID().toString())),
                pipeline,
                inputs,
                trigger);
    }

    @Override
    public synchronized CompletionStage<Accepted> start(
            RunId id, PipelineVersion pipeline, Document inputs, RunTrigger trigger) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        lastSource = trigger.source();
        String run = id.value();
        started.add(run);
        if (!sequences.containsKey(run)) {
            write(
                    run,
                    RunEvent.newBuilder()
                            .setType(RunEventType.RUN_STARTED)
                            .setPipeline(pipeline.id().value())
                            .setVersion(pipeline.version())
                            .setInputs(Inputs.resolve(pipeline.pipeline(), inputs)
                                    .document()
                                    .json())
                            .setTrigger(Triggers.toAvro(trigger))
                            .setDispatched(pipeline.pipeline().roots(Stage.MAIN).stream()
                                    .map(root -> root.id().value())
                                    .toList()));
        }
        return CompletableFuture.completedFuture(new Accepted(run, NOWHERE));
    }

    @Override
    public synchronized CompletionStage<Written> cancel(
            String runId, CommandId id, String reason, Optional<String> by) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        ids.add(id);
        end(runId, RunEventType.RUN_CANCELLED, reason);
        return CompletableFuture.completedFuture(NOWHERE);
    }

    @Override
    public CompletionStage<Written> rerun(
            String runId, CommandId id, List<String> tasks, Optional<String> reason, Optional<String> by) {
        ids.add(id);
        asked.add("rerun " + runId + " " + tasks + " " + reason.orElse("-") + " by " + by.orElse("-"));
        return CompletableFuture.completedFuture(NOWHERE);
    }

    @Override
    public CompletionStage<Written> answer(
            String runId, CommandId id, String task, boolean approved, Optional<String> comment, Optional<String> by) {
        ids.add(id);
        asked.add(
                "answer " + runId + " " + task + " " + approved + " " + comment.orElse("-") + " by " + by.orElse("-"));
        return CompletableFuture.completedFuture(NOWHERE);
    }

    /** The runs that were asked for, each as often as it was. */
    List<String> started() {
        return started;
    }

    /** The ids of the commands to runs that exist, in their order. */
    List<CommandId> ids() {
        return ids;
    }

    /** What was asked of runs that exist, in words; cancellations are in the log instead. */
    List<String> asked() {
        return asked;
    }

    synchronized void end(String run, RunEventType how, String reason) {
        write(run, RunEvent.newBuilder().setType(how).setReason(reason));
    }

    /** From now on nothing comes of what is accepted, until it is released. */
    synchronized void hold() {
        held = new ArrayList<>();
    }

    /** What was held comes now. */
    synchronized void release() {
        List<RunEvent> events = held == null ? List.of() : held;
        held = null;
        log.write(events);
    }

    private void write(String run, RunEvent.Builder event) {
        long sequence = sequences.merge(run, 1L, Long::sum);
        RunEvent written =
                event.setRunId(run).setSequence(sequence).setAt(Instant.now()).build();
        if (held != null) {
            held.add(written);
        } else {
            log.write(List.of(written));
        }
    }
}
