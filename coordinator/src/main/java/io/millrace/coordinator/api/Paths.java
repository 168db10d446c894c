package io.millrace.coordinator.api;

/** Where things are. */
final class Paths {
    static final String BASE = "/api/v1";
    static final String PIPELINES = BASE + "/pipelines";
    static final String PIPELINE = PIPELINES + "/:id";
    static final String PIPELINE_RUNS = PIPELINE + "/runs";
    static final String RUNS = BASE + "/runs";
    static final String RUN = RUNS + "/:id";
    static final String RUN_EVENTS = RUN + "/events";
    static final String RUN_CANCEL = RUN + "/cancel";

    private Paths() {}

    static String run(String id) {
        return RUNS + "/" + id;
    }
}
