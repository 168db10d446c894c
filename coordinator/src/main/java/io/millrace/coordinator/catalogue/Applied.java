package io.millrace.coordinator.catalogue;

/**
 * What applying a pipeline led to.
 *
 * @param version the version that new runs are started with from now on
 * @param created whether this call made that version; false when it was what there was already
 */
public record Applied(PipelineVersion version, boolean created) {}
