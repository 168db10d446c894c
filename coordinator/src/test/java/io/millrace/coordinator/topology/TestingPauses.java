package io.millrace.coordinator.topology;

import io.millrace.pipeline.PipelineId;
import java.util.HashSet;
import java.util.Set;

/** What is paused in a test. */
final class TestingPauses implements TriggerPauses {
    private final Set<String> paused = new HashSet<>();
    private long changes;

    /** @param name of a pipeline, or of a pipeline and a trigger with a slash between them */
    void pause(String name) {
        paused.add(name);
        changes++;
    }

    void resume(String name) {
        paused.remove(name);
        changes++;
    }

    @Override
    public boolean isPaused(PipelineId pipeline, String trigger) {
        return paused.contains(pipeline.value()) || paused.contains(pipeline.value() + "/" + trigger);
    }

    @Override
    public long changes() {
        return changes;
    }
}
