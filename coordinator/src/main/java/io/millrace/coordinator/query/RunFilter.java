package io.millrace.coordinator.query;

import io.millrace.engine.RunStatus;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs to list: those that fit every member that is present.
 *
 * @param pipeline the pipeline's id
 * @param statuses any of these; empty for all
 * @param since started then or later
 * @param until started before then
 * @param trigger by which entrance the trigger came
 * @param idempotencyKey the key that the trigger had
 * @param parent the run whose task started it
 */
public record RunFilter(
        Optional<String> pipeline,
        Set<RunStatus> statuses,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<TriggerKind> trigger,
        Optional<String> idempotencyKey,
        Optional<String> parent) {
    /** Every run. */
    public static final RunFilter ALL = of(Optional.empty(), Set.of());

    public RunFilter {
        statuses = Set.copyOf(statuses);
    }

    /** Runs of this pipeline, in these states. */
    public static RunFilter of(Optional<String> pipeline, Set<RunStatus> statuses) {
        return new RunFilter(
                pipeline,
                statuses,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    boolean fits(RunSummary run) {
        return pipeline.map(run.pipeline()::equals).orElse(true)
                && (statuses.isEmpty() || statuses.contains(run.status()))
                && since.map(at -> !run.startedAt().isBefore(at)).orElse(true)
                && until.map(at -> run.startedAt().isBefore(at)).orElse(true)
                && (trigger.isEmpty() || trigger.equals(run.trigger().map(Trigger::getKind)))
                && (idempotencyKey.isEmpty()
                        || idempotencyKey.equals(run.trigger().flatMap(Trigger::getIdempotencyKey)))
                && (parent.isEmpty() || parent.equals(run.trigger().flatMap(Trigger::getParentRunId)));
    }

    /** Equal texts for equal filters. */
    String text() {
        return String.join(
                "\u0000",
                pipeline.orElse(""),
                statuses.stream().map(Enum::name).sorted().toList().toString(),
                since.map(Instant::toString).orElse(""),
                until.map(Instant::toString).orElse(""),
                trigger.map(Enum::name).orElse(""),
                idempotencyKey.orElse(""),
                parent.orElse(""));
    }
}
