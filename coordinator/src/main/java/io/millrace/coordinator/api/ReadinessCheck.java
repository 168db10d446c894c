package io.millrace.coordinator.api;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One thing that must be in order before this coordinator is sent work.
 *
 * @param name as {@code /readyz} shows it
 * @param trouble what is not in order, in one sentence; empty when it is. It may block for a moment; one that does not
 *     answer within two seconds, or throws, counts as trouble
 */
public record ReadinessCheck(String name, Supplier<Optional<String>> trouble) {}
