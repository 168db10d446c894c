package io.millrace.coordinator.query;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list of runs, newest first.
 *
 * @param next where to go on; empty when nothing follows
 */
public record RunPage(List<RunSummary> runs, Optional<String> next) {}
