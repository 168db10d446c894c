package io.millrace.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an attempt says while it goes on.
 *
 * @param after how long after its begin
 * @param done the share that is done, from 0 to 1
 * @param checkpoint from where a later delivery can resume, a JSON value
 */
public record Progress(Duration after, OptionalDouble done, Optional<String> checkpoint) {}
