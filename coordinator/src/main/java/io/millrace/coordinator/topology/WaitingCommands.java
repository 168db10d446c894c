package io.millrace.coordinator.topology;

import io.millrace.state.WaitingCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Commands that cannot be decided about yet, because the history of their run lags behind the engine, and those that came
 * after them for the same run: kept as state, so that none is lost and none overtakes another.
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class WaitingCommands {
    private static final char SEPARATOR = '/';
    private static final int LARGEST_BYTES = 512 << 10;

    private final KeyValueStore<String, byte[]> store;
    private final StateCodec codec;
    private final String topic;
    private final int partition;
    private final TreeMap<String, WaitingCommand> live = new TreeMap<>();

    /** A command that waits, as it came. */
    record Waiting(Record<byte[], byte[]> record, RecordMetadata position, Instant since) {}

    /** Where a record lies in Kafka. */
    private record Position(String topic, int partition, long offset) implements RecordMetadata {}

    /** The commands of a store that has been restored, which came from this partition. */
    WaitingCommands(KeyValueStore<String, byte[]> store, StateCodec codec, String topic, int partition) {
        this.store = store;
        this.codec = codec;
        this.topic = topic;
        this.partition = partition;
        try (KeyValueIterator<String, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<String, byte[]> record = records.next();
                live.put(record.key, codec.decodeWaiting(record.value));
            }
        }
    }

    /** Whether a record can be kept: a larger one would not fit into a record of the store's changelog for certain. */
    static boolean hasRoomFor(Record<byte @Nullable [], byte @Nullable []> record) {
        byte[] value = record.value();
        return record.key() != null && value != null && value.length <= LARGEST_BYTES;
    }

    /** Keeps a command until it is {@linkplain #remove removed}. */
    void keep(Record<byte[], byte[]> record, RecordMetadata position, Instant since) {
        WaitingCommand command = WaitingCommand.newBuilder()
                .setOffset(position.offset())
                .setValue(ByteBuffer.wrap(record.value()))
                .setSince(since)
                .build();
        String key = key(record.key(), position.offset());
        store.put(key, codec.encode(command));
        live.put(key, command);
    }

    /** Whether a command for the same run waits, so that a later one has to wait behind it. */
    boolean isAhead(byte[] run) {
        if (live.isEmpty()) {
            return false;
        }
        String first = live.ceilingKey(key(run, 0));
        return first != null && runOf(first).equals(text(run));
    }

    /** The command of each run that came first. */
    List<Waiting> first() {
        List<Waiting> first = new ArrayList<>();
        String before = "";
        for (String key : live.keySet()) {
            if (!runOf(key).equals(before)) {
                before = runOf(key);
                WaitingCommand command = live.get(key);
                first.add(new Waiting(
                        new Record<>(
                                before.getBytes(StandardCharsets.UTF_8),
                                bytes(command.getValue()),
                                command.getSince().toEpochMilli()),
                        new Position(topic, partition, command.getOffset()),
                        command.getSince()));
            }
        }
        return first;
    }

    /** It has been decided about. */
    void remove(Waiting waiting) {
        String key = key(waiting.record().key(), waiting.position().offset());
        store.delete(key);
        live.remove(key);
    }

    /** Offsets are padded, so that keys sort as the commands came. */
    private static String key(byte[] run, long offset) {
        return text(run) + SEPARATOR + "%019d".formatted(offset);
    }

    private static String runOf(String key) {
        return key.substring(0, key.lastIndexOf(SEPARATOR));
    }

    private static String text(byte[] run) {
        return new String(run, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
