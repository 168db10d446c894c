package io.millrace.coordinator.topology;

import io.millrace.pipeline.PipelineId;

/** Runs that wait for one another: of one pipeline, and with one key. */
record SlotKey(PipelineId pipeline, String key) {}
