package io.millrace.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Speaks to a coordinator's HTTP API. Every refusal is an {@link ApiException} with the API's own words, and
 * nobody at home is an {@link UnreachableException} that says what to start. A coordinator that has too much to do is
 * asked again for as long as a minute, at the times that it names.
 *
 * <p><em>Threading</em>: may be used by several threads.
 */
public final class ApiClient {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String KEY = "Idempotency-Key";

    private final ApiCalls calls;

    /** A client of the coordinator at this address, for example {@code http://127.0.0.1:7070}. */
    public ApiClient(URI url) {
        this(url, PATIENCE);
    }

    ApiClient(URI url, Duration patience) {
        this.calls = new ApiCalls(url, patience);
    }

    /** The coordinator's address. */
    public URI url() {
        return calls.url();
    }

    /** Who answers, and where its topics are. */
    public PlatformInfo info() {
        return Json.as(PlatformInfo.class, calls.get("/info"));
    }

    /** Makes this the current version of the pipeline, or finds that it is already. */
    public JsonNode apply(String pipeline, PipelineBundle bundle) {
        return calls.put("/pipelines/" + encoded(pipeline), bundle.toJson());
    }

    /** The current version of a pipeline. */
    public JsonNode pipeline(String pipeline) {
        return calls.get("/pipelines/" + encoded(pipeline));
    }

    /** All pipelines, each with its current version. */
    public JsonNode pipelines() {
        return calls.get("/pipelines");
    }

    /**
     * Starts a run, or finds the one that was started with this key before: a repeat is safe.
     *
     * @param idempotencyKey 1 to 255 printable characters
     */
    public JsonNode start(String pipeline, JsonNode inputs, String idempotencyKey) {
        ObjectNode body = Json.object();
        body.set("inputs", inputs);
        return calls.post("/pipelines/" + encoded(pipeline) + "/runs", body, KEY, idempotencyKey);
    }

    /** The triggers that pipelines declare, or one of them. */
    public JsonNode triggers(Optional<String> pipeline) {
        return calls.get("/triggers" + Query.ALL.with("pipeline", pipeline).text());
    }

    /**
     * Pauses the triggers of a pipeline, or one of them, or lets them go on.
     *
     * @param paused whether they are paused from now on
     * @param by who asks
     */
    public JsonNode pause(
            String pipeline, Optional<String> trigger, boolean paused, Optional<String> reason, Optional<String> by) {
        ObjectNode body = command(by);
        trigger.ifPresent(id -> body.put("trigger", id));
        reason.ifPresent(text -> body.put("reason", text));
        return calls.post("/pipelines/" + encoded(pipeline) + (paused ? "/pause" : "/resume"), body);
    }

    /** What a backfill would do about each of its ticks. */
    public Listing ticks(BackfillOrder order) {
        return listing(ticksOf(order), "ticks", order.query());
    }

    /** How many ticks a backfill has. */
    public long ticksInAll(BackfillOrder order) {
        return calls.get(ticksOf(order) + order.query().with("limit", "1").text())
                .path("total")
                .asLong();
    }

    private static String ticksOf(BackfillOrder order) {
        return "/pipelines/" + encoded(order.pipeline()) + "/ticks";
    }

    /**
     * Begins a backfill, or finds the one that was begun with this key before: a repeat is safe.
     *
     * @param by who asks
     * @param idempotencyKey 1 to 255 printable characters
     */
    public JsonNode backfill(BackfillOrder order, Optional<String> reason, Optional<String> by, String idempotencyKey) {
        ObjectNode body = command(by)
                .put("pipeline", order.pipeline())
                .put("from", order.from())
                .put("to", order.to())
                .put("limit", order.limit())
                .put("again", order.again());
        order.trigger().ifPresent(id -> body.put("trigger", id));
        reason.ifPresent(text -> body.put("reason", text));
        return calls.post("/backfills", body, KEY, idempotencyKey);
    }

    /** All backfills, or those of one pipeline, newest first. */
    public JsonNode backfills(Optional<String> pipeline) {
        return calls.get("/backfills" + Query.ALL.with("pipeline", pipeline).text());
    }

    /** A backfill; {@link BackfillView} reads it. */
    public JsonNode backfill(String id) {
        return calls.get("/backfills/" + encoded(id));
    }

    /**
     * Asks something of a backfill.
     *
     * @param verb {@code pause}, {@code resume} or {@code cancel}
     * @param by who asks
     */
    public JsonNode backfill(String id, String verb, Optional<String> reason, Optional<String> by) {
        ObjectNode body = command(by);
        reason.ifPresent(text -> body.put("reason", text));
        return calls.post("/backfills/" + encoded(id) + "/" + verb, body);
    }

    /** Alerts, what is wrong now first. @param status such as {@code open,acknowledged} */
    public JsonNode alerts(Optional<String> pipeline, Optional<String> status) {
        return calls.get("/alerts"
                + Query.ALL.with("pipeline", pipeline).with("status", status).text());
    }

    /** An alert; {@link AlertView} reads it. */
    public JsonNode alert(String id) {
        return calls.get("/alerts/" + encoded(id));
    }

    /**
     * Says something of an alert.
     *
     * @param verb {@code acknowledge}, {@code resolve} or {@code silence}
     * @param duration for how long it is to be silent; empty where it is not to be any more, and with every other verb
     * @param by who says so
     */
    public JsonNode alert(
            String id, String verb, Optional<String> duration, Optional<String> reason, Optional<String> by) {
        ObjectNode body = command(by);
        duration.ifPresent(text -> body.put("for", text));
        reason.ifPresent(text -> body.put("reason", text));
        return calls.post("/alerts/" + encoded(id) + "/" + verb, body);
    }

    /** The runs that pass the filter, newest first. */
    public Listing runs(Query filter) {
        return listing("/runs", "runs", filter);
    }

    /** A run with the first of its tasks; {@link RunView} reads it. */
    public JsonNode run(String runId) {
        return calls.get(ofRun(runId));
    }

    /** The tasks and items of a run that pass the filter: those of the file in its order, then the items. */
    public Listing tasks(String runId, Query filter) {
        return listing(ofRun(runId) + "/tasks", "tasks", filter);
    }

    /** A task or an item of a run; {@link TaskView} reads it. */
    public JsonNode task(String runId, String task) {
        return calls.get(ofTask(runId, task));
    }

    /** What a run waits for, or a task of it, in a sentence. */
    public JsonNode why(String runId, Optional<String> task) {
        return calls.get(task.map(id -> ofTask(runId, id)).orElse(ofRun(runId)) + "/why");
    }

    /**
     * Asks for the end of a run that has not ended, once however often the request arrives.
     *
     * @param by who asks
     */
    public JsonNode cancel(String runId, String reason, Optional<String> by) {
        return calls.post(ofRun(runId) + "/cancel", command(by).put("reason", reason), KEY, aKey());
    }

    /**
     * Asks that a run that has ended be opened again, once however often the request arrives.
     *
     * @param tasks those to begin with; empty for all that did not succeed
     * @param by who asks
     */
    public JsonNode rerun(String runId, List<String> tasks, Optional<String> reason, Optional<String> by) {
        ObjectNode body = command(by);
        reason.ifPresent(text -> body.put("reason", text));
        if (!tasks.isEmpty()) {
            ArrayNode list = body.putArray("tasks");
            tasks.forEach(list::add);
        }
        return calls.post(ofRun(runId) + "/rerun", body, KEY, aKey());
    }

    /**
     * Answers what a task of a run asks for, once however often the request arrives.
     *
     * @param by who answers
     */
    public JsonNode answer(String runId, String task, boolean approved, Optional<String> comment, Optional<String> by) {
        ObjectNode body = command(by).put("approved", approved);
        comment.ifPresent(text -> body.put("comment", text));
        return calls.post(ofTask(runId, task) + "/answer", body, KEY, aKey());
    }

    /** What was put aside, newest first. */
    public Listing deadLetters(Query filter) {
        return listing("/dead-letters", "dead_letters", filter);
    }

    /** A dead letter with its original. */
    public JsonNode deadLetter(String id) {
        return calls.get("/dead-letters/" + encoded(id));
    }

    /** Sends the original of a dead letter to its topic again. */
    public JsonNode replay(String id) {
        return calls.post("/dead-letters/" + encoded(id) + "/replay", Json.object());
    }

    /** The workers that were heard of within the last hour and pass the filter. */
    public JsonNode workers(Query filter) {
        return calls.get("/workers" + filter.text());
    }

    /** All queues, with what waits in each. */
    public JsonNode queues() {
        return calls.get("/queues");
    }

    /** All pools, with the runs that have and want slots of each. */
    public JsonNode pools() {
        return calls.get("/pools");
    }

    /** Says how many slots a pool has; nothing any more, where there is no number. */
    public JsonNode setPool(String pool, OptionalInt slots, Optional<String> reason, Optional<String> by) {
        ObjectNode body = command(by);
        if (slots.isPresent()) {
            body.put("slots", slots.getAsInt());
        } else {
            body.putNull("slots");
        }
        reason.ifPresent(text -> body.put("reason", text));
        return calls.put("/pools/" + encoded(pool), body);
    }

    private Listing listing(String path, String member, Query filter) {
        return new Listing(member, page -> {
            Query query = filter;
            for (var parameter : page.parameters().entrySet()) {
                query = query.with(parameter.getKey(), parameter.getValue());
            }
            return calls.get(path + query.text());
        });
    }

    /** Every call is a command of its own; what sends it again within the call sends the same. */
    private static String aKey() {
        return UUID.randomUUID().toString();
    }

    private static ObjectNode command(Optional<String> by) {
        ObjectNode body = Json.object();
        by.ifPresent(name -> body.put("by", name));
        return body;
    }

    private static String ofRun(String runId) {
        return "/runs/" + encoded(runId);
    }

    private static String ofTask(String runId, String task) {
        return ofRun(runId) + "/tasks/" + encoded(task);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
