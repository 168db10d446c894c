package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.RunStatus;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The keys of the local database, whose bytes sort as the answers are ordered: events of a run by sequence, listings
 * by start time from the newest, endings by time from the oldest.
 */
final class HistoryKeys {
    private static final byte ALL = 'a';
    private static final byte BY_PIPELINE = 'p';
    private static final byte BY_STATUS = 's';
    private static final byte BY_PIPELINE_AND_STATUS = 'q';
    private static final byte ENDED = 'x';
    private static final byte[] ENDED_PREFIX = {ENDED};
    private static final int MAX_TEXT_BYTES = 255;

    private HistoryKeys() {}

    /** Whether an event's run and pipeline can stand in keys; whoever writes to the topic may have put anything there. */
    static boolean canHold(String run, String pipeline) {
        return !run.isEmpty()
                && run.indexOf('\0') < 0
                && run.getBytes(UTF_8).length <= MAX_TEXT_BYTES
                && pipeline.getBytes(UTF_8).length <= MAX_TEXT_BYTES;
    }

    static byte[] run(String run) {
        return run.getBytes(UTF_8);
    }

    /** What the keys of all events of a run start with. */
    static byte[] eventsOf(String run) {
        byte[] id = run(run);
        return ByteBuffer.allocate(id.length + 1).put(id).put((byte) 0).array();
    }

    /** Events without a sequence came after the run was retired, so they stand last. */
    static byte[] event(RecordedEvent recorded) {
        byte[] prefix = eventsOf(recorded.event().getRunId());
        long sequence = recorded.event().getSequence();
        return ByteBuffer.allocate(prefix.length + Long.BYTES + Integer.BYTES + Long.BYTES)
                .put(prefix)
                .putLong(sequence > 0 ? sequence : Long.MAX_VALUE)
                .putInt(recorded.partition())
                .putLong(recorded.offset())
                .array();
    }

    static int partitionOf(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getInt(eventKey.length - Long.BYTES - Integer.BYTES);
    }

    static long offsetOf(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getLong(eventKey.length - Long.BYTES);
    }

    /** What the keys of all runs that fit a filter start with. */
    static byte[] listing(RunFilter filter) {
        byte[] pipeline = filter.pipeline().map(text -> text.getBytes(UTF_8)).orElse(new byte[0]);
        ByteBuffer prefix = ByteBuffer.allocate(1 + 1 + pipeline.length + 1);
        if (filter.pipeline().isPresent()) {
            prefix.put(filter.status().isPresent() ? BY_PIPELINE_AND_STATUS : BY_PIPELINE)
                    .put((byte) pipeline.length)
                    .put(pipeline);
        } else {
            prefix.put(filter.status().isPresent() ? BY_STATUS : ALL);
        }
        filter.status().ifPresent(status -> prefix.put(code(status)));
        return slice(prefix);
    }

    /** The key of a run in the listing of a filter that it fits. */
    static byte[] listed(RunFilter filter, RunSummary run) {
        byte[] prefix = listing(filter);
        byte[] id = run(run.id());
        return ByteBuffer.allocate(prefix.length + Long.BYTES + id.length)
                .put(prefix)
                .putLong(Long.MAX_VALUE - millis(run.startedAt()))
                .put(id)
                .array();
    }

    static String runOfListed(byte[] key, byte[] prefix) {
        return textFrom(key, prefix.length + Long.BYTES);
    }

    /** Marks when a run ended, or when an event of an unknown run came, for the sake of retention. */
    static byte[] ended(Instant at, String run) {
        byte[] id = run(run);
        return ByteBuffer.allocate(1 + Long.BYTES + id.length)
                .put(ENDED)
                .putLong(millis(at))
                .put(id)
                .array();
    }

    static byte[] endings() {
        return ENDED_PREFIX.clone();
    }

    static Instant timeOfEnded(byte[] key) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(key).getLong(1));
    }

    static String runOfEnded(byte[] key) {
        return textFrom(key, 1 + Long.BYTES);
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && ByteBuffer.wrap(key, 0, prefix.length).equals(ByteBuffer.wrap(prefix));
    }

    /** Names, not ordinals: the database outlives a change of the enum's order. */
    private static byte code(RunStatus status) {
        return switch (status) {
            case RUNNING -> 'r';
            case SUCCEEDED -> 's';
            case FAILED -> 'f';
            case CANCELLED -> 'c';
        };
    }

    /** A time before 1970 cannot be right; it must not break the order of the others. */
    private static long millis(Instant at) {
        return Math.max(0, at.toEpochMilli());
    }

    private static String textFrom(byte[] key, int from) {
        if (key.length < from) {
            throw new CorruptHistoryException("A key in the local history cannot be read");
        }
        return new String(key, from, key.length - from, UTF_8);
    }

    private static byte[] slice(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }
}
