package io.millrace.worker.health;

import java.util.Optional;

/**
 * One thing that must be so before a worker counts as ready.
 *
 * @param name what is looked at
 * @param trouble why it is not so, in a sentence; empty when it is
 */
public record HealthCheck(String name, Optional<String> trouble) {}
