package io.millrace.coordinator.api;

import java.util.Locale;

/** Every kind of problem that the API answers with; docs/http-api.md lists them. */
enum ProblemKind {
    MALFORMED_REQUEST(400, "The request is malformed"),
    MALFORMED_JSON(400, "The body is not the JSON expected"),
    INVALID_PARAMETER(400, "A parameter is not allowed"),
    INVALID_CURSOR(400, "The cursor is not valid for this list"),
    INVALID_IDEMPOTENCY_KEY(400, "The idempotency key is not valid"),
    INVALID_SIGNATURE(401, "The request is not signed as it must be"),
    CROSS_ORIGIN(403, "Requests of other web sites are refused"),
    NO_SUCH_RESOURCE(404, "There is nothing at this path"),
    UNKNOWN_PIPELINE(404, "There is no such pipeline"),
    UNKNOWN_TRIGGER(404, "The pipeline has no such trigger"),
    UNKNOWN_RUN(404, "There is no such run"),
    UNKNOWN_BACKFILL(404, "There is no such backfill"),
    UNKNOWN_ALERT(404, "There is no such alert"),
    UNKNOWN_TASK(404, "The run has no such task"),
    UNKNOWN_ATTEMPT(404, "The task has had no such attempt"),
    UNKNOWN_DEAD_LETTER(404, "There is no such dead letter"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    RUN_HAS_ENDED(409, "The run has ended"),
    RUN_HAS_NOT_ENDED(409, "The run has not ended"),
    NOTHING_TO_RERUN(409, "Everything in the run succeeded"),
    NO_ANSWER_AWAITED(409, "The task does not wait for an answer"),
    BACKFILL_IS_OVER(409, "The backfill is over"),
    ALERT_IS_RESOLVED(409, "The alert is well"),
    NOT_REPLAYABLE(409, "The dead letter cannot be sent again"),
    TOO_LARGE(413, "The request is too large"),
    URI_TOO_LONG(414, "The request's target is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of a type that is not understood here"),
    INVALID_PIPELINE(422, "The pipeline cannot be applied"),
    PIPELINE_ID_MISMATCH(422, "The pipeline's id is not the one in the path"),
    INVALID_INPUTS(422, "The inputs are not what the pipeline declares"),
    INVALID_EVENT(422, "The event is not what the trigger is for"),
    INVALID_BACKFILL(422, "The backfill cannot be begun"),
    INVALID_RERUN(422, "The tasks are not those of the run"),
    OVERLOADED(429, "Too much is under way"),
    HEADERS_TOO_LARGE(431, "The request's headers are too large"),
    INTERNAL_ERROR(500, "Something unexpected went wrong"),
    UNAVAILABLE(503, "This cannot be answered just now"),
    TRIGGER_PAUSED(503, "The trigger is paused");

    private final int status;
    private final String title;

    ProblemKind(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** The URI that names the kind; it identifies, and leads nowhere. */
    String type() {
        return "urn:millrace:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
