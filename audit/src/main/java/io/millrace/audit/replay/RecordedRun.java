package io.millrace.audit.replay;

import io.millrace.audit.verify.Recorded;
import io.millrace.engine.RunId;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.Pipeline;
import java.util.List;

/**
 * A run as the log has it.
 *
 * @param pipeline the version of the pipeline that it is pinned to
 * @param events its events with a number, in their order; the first says that it began
 */
public record RecordedRun(RunId id, Pipeline pipeline, int version, List<Recorded<RunEvent>> events) {
    public RecordedRun {
        events = List.copyOf(events);
    }
}
