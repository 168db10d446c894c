package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;

/**
 * What the history needs of every event, whatever it tells.
 *
 * @param pipelineBytes how long the pipeline's id is in UTF-8
 * @param sequence its number in the run; 0 when it came after the run was retired
 * @param atMillis when it was decided, in milliseconds since 1970
 */
record EventOutline(RunEventType type, String run, int pipelineBytes, long sequence, long atMillis) {

    static EventOutline of(RunEvent event) {
        return new EventOutline(
                event.getType(),
                event.getRunId(),
                event.getPipeline().getBytes(UTF_8).length,
                event.getSequence(),
                event.getAt().toEpochMilli());
    }

    /** Whether it tells of the run as a whole, so that the run's summary may change. */
    boolean concernsRun() {
        return switch (type) {
            case RUN_STARTED,
                    RUN_SUCCEEDED,
                    RUN_FAILED,
                    RUN_CANCELLED,
                    RUN_FINISHING,
                    RUN_RERUN,
                    RUN_QUEUED,
                    RUN_ADMITTED -> true;
            default -> false;
        };
    }

    boolean isStart() {
        return type == RunEventType.RUN_STARTED;
    }

    boolean isEnd() {
        return switch (type) {
            case RUN_SUCCEEDED, RUN_FAILED, RUN_CANCELLED -> true;
            default -> false;
        };
    }
}
