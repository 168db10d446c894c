package io.millrace.coordinator.query;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a task said it is.
 *
 * @param at when the engine took note of it
 * @param share what is done, from 0 to 1, when the task said so
 * @param checkpoint from where a later delivery resumes, a JSON value
 */
public record TaskProgress(Instant at, Optional<Double> share, Optional<String> checkpoint) {}
