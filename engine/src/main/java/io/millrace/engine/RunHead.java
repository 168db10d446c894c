package io.millrace.engine;

import io.millrace.expression.Document;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.Stage;
import java.time.Instant;
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
 */
public record RunHead(
        PipelineId pipeline,
        int version,
        Document inputs,
        RunTrigger trigger,
        long sequence,
        Instant startedAt,
        @Nullable Instant wakeAt,
        @Nullable Ending ending) {

    /** The stage whose tasks are under way. */
    public Stage stage() {
        return ending == null ? Stage.MAIN : ending.stage();
    }

    /** With its end decided; time is up for a run only once. */
    RunHead ending(Ending decided, @Nullable Instant newWakeAt) {
        return new RunHead(pipeline, version, inputs, trigger, sequence, startedAt, newWakeAt, decided);
    }

    /** Open again. @param newWakeAt when its time is up now, or null */
    RunHead reopened(@Nullable Instant newWakeAt) {
        return new RunHead(pipeline, version, inputs, trigger, sequence, startedAt, newWakeAt, null);
    }

    RunHead at(long newSequence) {
        return new RunHead(pipeline, version, inputs, trigger, newSequence, startedAt, wakeAt, ending);
    }
}
