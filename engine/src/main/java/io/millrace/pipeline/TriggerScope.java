package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import io.millrace.expression.Scope;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of a trigger may see: what it was that came, and nothing of the run that it is to start.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class TriggerScope implements Scope {
    private final Map<Local, @Nullable Object> names;

    private TriggerScope(Map<Local, @Nullable Object> names) {
        this.names = names;
    }

    /** A tick of a schedule. */
    public static TriggerScope ofTick(Instant tick, ZoneId zone) {
        // Sorted, as all objects are.
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("at", tick.toString());
        schedule.put("local", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(tick.atZone(zone)));
        return new TriggerScope(Map.of(Local.SCHEDULE, Collections.unmodifiableMap(schedule)));
    }

    /**
     * A request to a webhook.
     *
     * @param event its body, as {@link Document#parseValue} gives it
     * @param headers by their names in lower case, without any that is secret
     * @param query its parameters by their names
     */
    public static TriggerScope ofRequest(
            @Nullable Object event, Map<String, String> headers, Map<String, String> query) {
        return ofEvent(event, Local.REQUEST, Map.of("headers", sorted(headers), "query", sorted(query)));
    }

    /**
     * A record of a topic.
     *
     * @param event its value, as {@link Document#parseValue} gives it
     * @param record topic, partition, offset, timestamp, key and headers, as JSON values
     */
    public static TriggerScope ofRecord(@Nullable Object event, Map<String, ?> record) {
        return ofEvent(event, Local.RECORD, record);
    }

    private static TriggerScope ofEvent(@Nullable Object event, Local name, Map<String, ?> value) {
        Map<Local, @Nullable Object> names = new EnumMap<>(Local.class);
        names.put(Local.EVENT, event);
        names.put(name, sorted(value));
        return new TriggerScope(names);
    }

    private static Map<String, ?> sorted(Map<String, ?> members) {
        // Not a TreeMap in the end: that answers a key of another type with an exception.
        return Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(members)));
    }

    @Override
    public @Nullable Object local(Local name) {
        if (!names.containsKey(name)) {
            throw new IllegalStateException("there is no " + name + " here");
        }
        return names.get(name);
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
