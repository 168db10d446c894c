package io.millrace.pipeline;

import io.millrace.expression.Document;
import io.millrace.expression.Local;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of a trigger may see: what it was that came, and nothing of the run that it is to start.
 *
 * <p><b>Threading:</b> free to share.
 */
public final class TriggerScope implements BeforeRun {
    private final Map<Local, @Nullable Object> names;
    private final @Nullable Supplier<? extends Map<String, ?>> record;

    private TriggerScope(Map<Local, @Nullable Object> names, @Nullable Supplier<? extends Map<String, ?>> record) {
        this.names = names;
        this.record = record;
    }

    /** A tick of a schedule. */
    public static TriggerScope ofTick(Instant tick, ZoneId zone) {
        // Sorted, as all objects are.
        Map<String, Object> schedule = new LinkedHashMap<>();
        schedule.put("at", tick.toString());
        schedule.put("local", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(tick.atZone(zone)));
        return new TriggerScope(Map.of(Local.SCHEDULE, Collections.unmodifiableMap(schedule)), null);
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
     * @param record topic, partition, offset, timestamp, key, headers and the value in base64, as JSON values; asked for when an expression names it
     */
    public static TriggerScope ofRecord(@Nullable Object event, Supplier<? extends Map<String, ?>> record) {
        Map<Local, @Nullable Object> names = new EnumMap<>(Local.class);
        names.put(Local.EVENT, event);
        return new TriggerScope(names, record);
    }

    /** The records of a topic that start one run together. @param events their values in their order, as {@link Document#parseValue} gives them */
    public static TriggerScope ofBatch(List<?> events) {
        return new TriggerScope(Map.of(Local.EVENTS, events), null);
    }

    /** The end of a run, or of several. @param event what is told of it, as JSON values */
    public static TriggerScope ofEnd(Map<String, ?> event) {
        return new TriggerScope(Map.of(Local.EVENT, sorted(event)), null);
    }

    /** A file that has arrived. @param event what is told of it, as JSON values */
    public static TriggerScope ofFile(Map<String, ?> event) {
        return new TriggerScope(Map.of(Local.EVENT, sorted(event)), null);
    }

    private static TriggerScope ofEvent(@Nullable Object event, Local name, Map<String, ?> value) {
        Map<Local, @Nullable Object> names = new EnumMap<>(Local.class);
        names.put(Local.EVENT, event);
        names.put(name, sorted(value));
        return new TriggerScope(names, null);
    }

    private static Map<String, ?> sorted(Map<String, ?> members) {
        // Not a TreeMap in the end: that answers a key of another type with an exception.
        return Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(members)));
    }

    @Override
    public @Nullable Object local(Local name) {
        if (name == Local.RECORD && record != null) {
            return sorted(record.get());
        }
        if (!names.containsKey(name)) {
            throw new IllegalStateException("there is no " + name + " here");
        }
        return names.get(name);
    }
}
