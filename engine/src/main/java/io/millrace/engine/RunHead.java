package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knows of an open run as a whole. What can be counted from its tasks is not in it, so that a plain
 * task's events need not touch it.
 *
 * @param pipeline the pipeline
 * @param version the version that the run is pinned to
 * @param inputs its inputs, complete and of the declared types
 * @param trigger what started it
 * @param sequence the number of the last run event that this record reflects
 * @param startedAt when it started
 * @param wakeAt when its time is up, or null
 * @param ending its end, once that is decided and other tasks still follow; null before
 * @param slot its place among those of its pipeline that may be under way; null where there may be any number
 * @param commands those that were decided about and have an id, from the oldest; only the last {@link #MOST_COMMANDS}
 */
public record RunHead(
        PipelineId pipeline,
        int version,
        Document inputs,
        RunTrigger trigger,
        long sequence,
        Instant startedAt,
        @Nullable Instant wakeAt,
        @Nullable Ending ending,
        @Nullable Slot slot,
        List<CommandId> commands) {
    /** How many commands back a repeat is known to an open run: a head that is stored must not grow without end. */
    static final int MOST_COMMANDS = 100;

    /** Copies the list. */
    public RunHead {
        commands = List.copyOf(commands);
    }

    /** The moment that the run is for: what its schedule says or, where it has none, its start. */
    public Instant logicalTime() {
        RunTrigger.Firing firing = trigger.firing();
        return firing == null ? startedAt : firing.logicalTime();
    }

    /** The stage whose tasks are under way. */
    public Stage stage() {
        return ending == null ? Stage.MAIN : ending.stage();
    }

    /** Whether it waits for a slot of its pipeline, and nothing of it has begun. */
    public boolean isQueued() {
        return slot != null && !slot.isHeld();
    }

    /** With its end decided; time is up for a run only once. */
    RunHead ending(Ending decided, @Nullable Instant newWakeAt) {
        return new RunHead(pipeline, version, inputs, trigger, sequence, startedAt, newWakeAt, decided, slot, commands);
    }

    /**
     * Open again.
     *
     * @param newWakeAt when its time is up now, or null
     * @param backfill what it is open for, or null
     */
    RunHead reopened(@Nullable Instant newWakeAt, @Nullable BackfillId backfill) {
        return new RunHead(
                pipeline,
                version,
                inputs,
                trigger.openedAgainFor(backfill),
                sequence,
                startedAt,
                newWakeAt,
                null,
                null,
                commands);
    }

    /** In a slot, or waiting for one. @param newWakeAt when its time is up, or null */
    RunHead in(Slot newSlot, @Nullable Instant newWakeAt) {
        return new RunHead(
                pipeline, version, inputs, trigger, sequence, startedAt, newWakeAt, ending, newSlot, commands);
    }

    /** Whether a command is among those that are known to have been decided about; one without an id never is. */
    boolean hasDecided(@Nullable CommandId command) {
        return command != null && commands.contains(command);
    }

    /** With a command that has been decided about. */
    RunHead decided(CommandId command) {
        if (hasDecided(command)) {
            return this;
        }
        List<CommandId> known =
                new ArrayList<>(commands.subList(Math.max(0, commands.size() + 1 - MOST_COMMANDS), commands.size()));
        known.add(command);
        return new RunHead(pipeline, version, inputs, trigger, sequence, startedAt, wakeAt, ending, slot, known);
    }

    RunHead at(long newSequence) {
        return new RunHead(pipeline, version, inputs, trigger, newSequence, startedAt, wakeAt, ending, slot, commands);
    }
}
