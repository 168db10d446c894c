package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import io.millrace.expression.Scope;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the inputs of a schedule may see: the tick, and nothing of the run that it is to start. */
record TickScope(Instant tick, ZoneId zone) implements Scope {
    @Override
    public Object local(Local name) {
        if (name != Local.SCHEDULE) {
            throw new IllegalStateException("there is no " + name + " here");
        }
        // Sorted, as all objects are.
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("at", tick.toString());
        schedule.put("local", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(tick.atZone(zone)));
        return Collections.unmodifiableMap(schedule);
    }

    @Override
    public Document inputs() {
        throw beforeRun();
    }

    @Override
    public Optional<Document> output(String taskId) {
        throw beforeRun();
    }

    @Override
    public String status(String taskId) {
        throw beforeRun();
    }

    @Override
    public String runId() {
        throw beforeRun();
    }

    @Override
    public String pipeline() {
        throw beforeRun();
    }

    @Override
    public int version() {
        throw beforeRun();
    }

    @Override
    public String logicalTime() {
        throw beforeRun();
    }

    @Override
    public String runStatus() {
        throw beforeRun();
    }

    @Override
    public String runReason() {
        throw beforeRun();
    }

    private static IllegalStateException beforeRun() {
        return new IllegalStateException("there is no run yet");
    }
}
