package io.millrace.coordinator.query;

import java.util.List;
import java.util.Optional;

/**
 * A part of the tasks of a run, in the order of its file and then of their dispatch.
 *
 * @param next where to go on; empty when nothing follows
 */
public record TaskPage(List<TaskView> tasks, Optional<String> next) {}
