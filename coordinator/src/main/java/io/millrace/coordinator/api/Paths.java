package io.millrace.coordinator.api;

import io.millrace.engine.BackfillId;
import io.millrace.pipeline.PipelineId;
import io.millrace.pipeline.TriggerId;

/** Where things are. */
final class Paths {
    static final String BASE = "/api/v1";
    static final String PIPELINES = BASE + "/pipelines";
    static final String PIPELINE = PIPELINES + "/:id";
    static final String PIPELINE_RUNS = PIPELINE + "/runs";
    static final String PIPELINE_PAUSE = PIPELINE + "/pause";
    static final String PIPELINE_RESUME = PIPELINE + "/resume";
    static final String PIPELINE_TICKS = PIPELINE + "/ticks";
    static final String TRIGGERS = BASE + "/triggers";
    static final String RUNS = BASE + "/runs";
    static final String RUN = RUNS + "/:id";
    static final String RUN_EVENTS = RUN + "/events";
    static final String RUN_CANCEL = RUN + "/cancel";
    static final String RUN_RERUN = RUN + "/rerun";
    static final String RUN_WHY = RUN + "/why";
    static final String TASKS = RUN + "/tasks";
    static final String TASK = TASKS + "/:task";
    static final String TASK_LOGS = TASK + "/logs";
    static final String TASK_WHY = TASK + "/why";
    static final String TASK_ANSWER = TASK + "/answer";
    static final String TASK_ATTEMPTS = TASK + "/attempts";
    static final String BACKFILLS = BASE + "/backfills";
    static final String BACKFILL = BACKFILLS + "/:id";
    static final String BACKFILL_PAUSE = BACKFILL + "/pause";
    static final String BACKFILL_RESUME = BACKFILL + "/resume";
    static final String BACKFILL_CANCEL = BACKFILL + "/cancel";
    static final String ALERTS = BASE + "/alerts";
    static final String ALERT = ALERTS + "/:id";
    static final String ALERT_ACKNOWLEDGE = ALERT + "/acknowledge";
    static final String ALERT_RESOLVE = ALERT + "/resolve";
    static final String ALERT_SILENCE = ALERT + "/silence";
    static final String EVENTS = BASE + "/events";
    static final String DEAD_LETTERS = BASE + "/dead-letters";
    static final String DEAD_LETTER = DEAD_LETTERS + "/:id";
    static final String DEAD_LETTER_REPLAY = DEAD_LETTER + "/replay";
    static final String WORKERS = BASE + "/workers";
    static final String QUEUES = BASE + "/queues";
    static final String POOLS = BASE + "/pools";
    static final String POOL = POOLS + "/:id";

    /** Not of the API: what others are told to call stays where it is. */
    static final String HOOK = "/hooks/:pipeline/:trigger";

    private Paths() {}

    static String hook(PipelineId pipeline, TriggerId trigger) {
        return "/hooks/" + pipeline + "/" + trigger;
    }

    static String backfill(BackfillId id) {
        return BACKFILLS + "/" + id;
    }

    static String alert(String id) {
        return ALERTS + "/" + id;
    }

    static String run(String id) {
        return RUNS + "/" + id;
    }
}
