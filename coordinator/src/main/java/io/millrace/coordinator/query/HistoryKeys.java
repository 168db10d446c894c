package io.millrace.coordinator.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.RunStatus;
import io.millrace.event.Trigger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of the local database, whose bytes sort as the answers are ordered: events of a run by sequence, listings
 * by start time from the newest, endings by time from the oldest.
 */
final class HistoryKeys {
    private static final byte ALL = 'a';
    private static final byte BY_PIPELINE = 'p';
    private static final byte BY_STATUS = 's';
    private static final byte BY_PIPELINE_AND_STATUS = 'q';
    private static final byte BY_KEY = 'k';
    private static final byte BY_PARENT = 'c';
    private static final byte ENDED = 'x';
    private static final byte POSITION = 'o';
    private static final byte[] ENDED_PREFIX = {ENDED};
    private static final int MAX_TEXT_BYTES = 255;
    private static final int DIGEST_BYTES = 16;

    private HistoryKeys() {}

    /**
     * Whether an event's run and pipeline can stand in keys; whoever writes to the topic may have put anything there.
     *
     * @param run the run's id in UTF-8
     * @param pipelineBytes how long the pipeline's id is in UTF-8
     */
    static boolean canHold(byte[] run, int pipelineBytes) {
        if (run.length == 0 || run.length > MAX_TEXT_BYTES || pipelineBytes > MAX_TEXT_BYTES) {
            return false;
        }
        for (byte unit : run) {
            if (unit == 0) {
                return false;
            }
        }
        return true;
    }

    static byte[] run(String run) {
        return run.getBytes(UTF_8);
    }

    /** What the keys of all events of a run start with. */
    static byte[] eventsOf(String run) {
        byte[] id = run(run);
        return ByteBuffer.allocate(id.length + 1).put(id).put((byte) 0).array();
    }

    /** Where those of a run's events begin that have a sequence after this one. */
    static byte[] eventsAfter(String run, long sequence) {
        byte[] prefix = eventsOf(run);
        return ByteBuffer.allocate(prefix.length + Long.BYTES)
                .put(prefix)
                .putLong(sequence + 1)
                .array();
    }

    /**
     * Events without a sequence came after the run was retired, so they stand last.
     *
     * @param run the run's id in UTF-8
     */
    static byte[] event(byte[] run, long sequence, int partition, long offset) {
        return ByteBuffer.allocate(run.length + 1 + Long.BYTES + Integer.BYTES + Long.BYTES)
                .put(run)
                .put((byte) 0)
                .putLong(sequence > 0 ? sequence : Long.MAX_VALUE)
                .putInt(partition)
                .putLong(offset)
                .array();
    }

    /** What comes after all of a run's events that have a sequence, and before those that have none. */
    static byte[] afterNumbered(String run) {
        return eventsAfter(run, Long.MAX_VALUE - 1);
    }

    /** The id, in UTF-8, of the run that an event is of. */
    static byte[] runOfEvent(byte[] eventKey) {
        return Arrays.copyOf(eventKey, Math.max(0, eventKey.length - Long.BYTES - Integer.BYTES - Long.BYTES - 1));
    }

    /** What the keys of all events of the same run start with. */
    static byte[] eventsOfRunOf(byte[] eventKey) {
        return Arrays.copyOf(eventKey, Math.max(0, eventKey.length - Long.BYTES - Integer.BYTES - Long.BYTES));
    }

    static long sequenceOf(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getLong(eventKey.length - Long.BYTES - Integer.BYTES - Long.BYTES);
    }

    static int partitionOf(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getInt(eventKey.length - Long.BYTES - Integer.BYTES);
    }

    static long offsetOf(byte[] eventKey) {
        return ByteBuffer.wrap(eventKey).getLong(eventKey.length - Long.BYTES);
    }

    /** What the keys of the shortest listing start with that has all runs that fit a filter, and perhaps others. */
    static byte[] listing(RunFilter filter) {
        if (filter.idempotencyKey().isPresent()) {
            return byKey(filter.idempotencyKey().get());
        }
        if (filter.parent().isPresent()) {
            return byParent(filter.parent().get());
        }
        boolean oneStatus = filter.statuses().size() == 1;
        if (filter.pipeline().isPresent()) {
            String pipeline = filter.pipeline().get();
            return oneStatus ? byBoth(pipeline, filter.statuses().iterator().next()) : byPipeline(pipeline);
        }
        return oneStatus ? byStatus(filter.statuses().iterator().next()) : new byte[] {ALL};
    }

    /** What the keys start with in every listing that has the run. */
    static List<byte[]> listings(RunSummary run) {
        List<byte[]> prefixes = new ArrayList<>(listingsByStatus(run));
        prefixes.add(new byte[] {ALL});
        prefixes.add(byPipeline(run.pipeline()));
        run.trigger().flatMap(Trigger::getIdempotencyKey).ifPresent(key -> prefixes.add(byKey(key)));
        run.trigger()
                .flatMap(Trigger::getParentRunId)
                .filter(parent -> parent.getBytes(UTF_8).length <= MAX_TEXT_BYTES)
                .ifPresent(parent -> prefixes.add(byParent(parent)));
        return prefixes;
    }

    /** What the keys start with in the listings that have the run only while its status is this one. */
    static List<byte[]> listingsByStatus(RunSummary run) {
        return List.of(byStatus(run.status()), byBoth(run.pipeline(), run.status()));
    }

    private static byte[] byPipeline(String pipeline) {
        return prefix(BY_PIPELINE, pipeline.getBytes(UTF_8), new byte[0]);
    }

    private static byte[] byStatus(RunStatus status) {
        return new byte[] {BY_STATUS, code(status)};
    }

    private static byte[] byBoth(String pipeline, RunStatus status) {
        return prefix(BY_PIPELINE_AND_STATUS, pipeline.getBytes(UTF_8), new byte[] {code(status)});
    }

    private static byte[] byParent(String parent) {
        byte[] id = parent.getBytes(UTF_8);
        return prefix(BY_PARENT, id.length > MAX_TEXT_BYTES ? new byte[0] : id, new byte[0]);
    }

    /** A key may be long, so its digest stands for it; whether it is the same key, the run itself says. */
    private static byte[] byKey(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return prefix(BY_KEY, Arrays.copyOf(digest, DIGEST_BYTES), new byte[0]);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    private static byte[] prefix(byte kind, byte[] text, byte[] rest) {
        return ByteBuffer.allocate(2 + text.length + rest.length)
                .put(kind)
                .put((byte) text.length)
                .put(text)
                .put(rest)
                .array();
    }

    /** The key of a run in a listing. */
    static byte[] listed(byte[] prefix, RunSummary run) {
        byte[] id = run(run.id());
        return ByteBuffer.allocate(prefix.length + Long.BYTES + id.length)
                .put(prefix)
                .putLong(Long.MAX_VALUE - millis(run.startedAt()))
                .put(id)
                .array();
    }

    /** Where in a listing those begin that started before a time. */
    static byte[] startedBefore(byte[] prefix, Instant until) {
        return ByteBuffer.allocate(prefix.length + Long.BYTES)
                .put(prefix)
                .putLong(Long.MAX_VALUE - millis(until) + 1)
                .array();
    }

    /** Names an event by its place in the topic; the value is its key among the events of its run. */
    static byte[] position(int partition, long offset) {
        return ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES)
                .put(POSITION)
                .putInt(partition)
                .putLong(offset)
                .array();
    }

    /** What the keys of all events of a partition start with. */
    static byte[] positions(int partition) {
        return Arrays.copyOf(position(partition, 0), 1 + Integer.BYTES);
    }

    static String runOfListed(byte[] key, byte[] prefix) {
        return textFrom(key, prefix.length + Long.BYTES);
    }

    /** Marks when a run ended, or when an event of an unknown run came, for the sake of retention. */
    static byte[] ended(long atMillis, String run) {
        byte[] id = run(run);
        return ByteBuffer.allocate(1 + Long.BYTES + id.length)
                .put(ENDED)
                .putLong(Math.max(0, atMillis))
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
            case QUEUED -> 'q';
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
}
