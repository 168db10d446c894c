package io.millrace.coordinator.listen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.EventFormat;
import io.millrace.pipeline.TriggerScope;
import io.millrace.schemas.wire.EventHeaders;
import io.millrace.schemas.wire.UndecodableException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of a user's topic, decoded once a format however many triggers judge it.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Arrived {
    private final ConsumerRecord<byte[], byte[]> record;
    private final EventDecoder decoder;
    private @Nullable EventFormat format;
    private @Nullable TriggerScope scope;
    private @Nullable Object event;
    private @Nullable UndecodableException failure;

    Arrived(ConsumerRecord<byte[], byte[]> record, EventDecoder decoder) {
        this.record = record;
        this.decoder = decoder;
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    int partition() {
        return record.partition();
    }

    long offset() {
        return record.offset();
    }

    Instant timestamp() {
        return Instant.ofEpochMilli(Math.max(0, record.timestamp()));
    }

    /** The next step of the trace that the record belongs to, or the first of a new one. */
    String trace() {
        return EventHeaders.child(EventHeaders.traceparent(record.headers()).orElse(null));
    }

    /** How many bytes its value has. */
    int size() {
        byte[] value = record.value();
        return value == null ? 0 : value.length;
    }

    /**
     * What expressions see of it.
     *
     * @throws UndecodableException when its value is not of this format, and never will be
     * @throws io.millrace.schemas.registry.RegistryUnavailableException when the registry is away
     */
    TriggerScope scope(EventFormat as) throws UndecodableException {
        if (format != as) {
            decode(as);
        }
        if (failure != null) {
            throw failure;
        }
        TriggerScope known = scope;
        if (known == null) {
            known = TriggerScope.ofRecord(event, this::describe);
            scope = known;
        }
        return known;
    }

    /** Its value. @throws UndecodableException as {@link #scope} throws it */
    @Nullable
    Object event(EventFormat as) throws UndecodableException {
        scope(as);
        return event;
    }

    private void decode(EventFormat as) {
        scope = null;
        failure = null;
        event = null;
        try {
            event = decoder.decode(record.value(), as);
        } catch (UndecodableException e) {
            failure = e;
        }
        format = as;
    }

    /** Sorted, as all objects are. */
    private Map<String, @Nullable Object> describe() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put(
                "base64", record.value() == null ? null : Base64.getEncoder().encodeToString(record.value()));
        Map<String, @Nullable Object> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value()));
        }
        members.put("headers", new LinkedHashMap<>(headers));
        members.put("key", text(record.key()));
        members.put("offset", record.offset());
        members.put("partition", (long) record.partition());
        members.put("timestamp", timestamp().toString());
        members.put("topic", record.topic());
        return members;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
