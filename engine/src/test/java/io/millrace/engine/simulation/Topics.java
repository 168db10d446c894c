package io.millrace.engine.simulation;

import io.millrace.engine.Effect;
import io.millrace.engine.Input;
import io.millrace.engine.RunId;
import io.millrace.engine.Slot;
import io.millrace.pipeline.PipelineId;
import org.jspecify.annotations.Nullable;

/** Where the parts of the platform meet. */
final class Topics {
    /** Something that is asked of a run. @param pipeline of a start alone */
    record Command(RunId run, Input input, @Nullable PipelineId pipeline) {}

    /** What a run asks of the slots of its pipeline: one, or to give one back. */
    record Admission(RunId run, PipelineId pipeline, Slot slot, boolean asks) {}

    /** What a worker says. */
    record Report(RunId run, Input.Report report) {}

    /** A task in its queue. */
    record Order(RunId run, Effect.DispatchTask task) {}

    final ModelLog<Command> commands = new ModelLog<>(2);
    final ModelLog<Admission> admissions = new ModelLog<>(2);
    final ModelLog<Report> reports = new ModelLog<>(2);
    final ModelLog<Order> queues = new ModelLog<>(3);

    boolean areEmpty() {
        return commands.readable(0).isEmpty()
                && admissions.readable(0).isEmpty()
                && reports.readable(0).isEmpty()
                && queues.readable(0).isEmpty();
    }
}
