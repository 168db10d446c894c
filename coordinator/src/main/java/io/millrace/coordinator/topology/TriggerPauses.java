package io.millrace.coordinator.topology;

import io.millrace.pipeline.PipelineId;

/**
 * Which triggers of pipelines are paused.
 *
 * <p><b>Threading:</b> called by stream threads; never waits.
 */
public interface TriggerPauses {
    /** All triggers are paused. */
    TriggerPauses OF_EVERYTHING = new TriggerPauses() {
        @Override
        public boolean isPaused(PipelineId pipeline, String trigger) {
            return true;
        }

        @Override
        public long changes() {
            return 0;
        }
    };

    /** Whether a trigger of a pipeline is paused, by itself or with all of them. */
    boolean isPaused(PipelineId pipeline, String trigger);

    /** Another number whenever something was paused or goes on. */
    long changes();
}
