package io.millrace.coordinator.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.coordinator.query.AttemptView;
import io.millrace.coordinator.reading.StretchReader;
import io.millrace.coordinator.reading.StretchReader.Bounds;
import io.millrace.coordinator.reading.StretchReader.Stretch;
import io.millrace.event.LogLine;
import io.millrace.event.LogPosition;
import io.millrace.event.TaskLog;
import io.millrace.schemas.Topics;
import io.millrace.schemas.wire.Decoder;
import io.millrace.schemas.wire.UndecodableException;
import io.millrace.schemas.wire.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the lines of one delivery: of one that has ended by a seek to where the audit log says that they lie, and of one
 * that is executed from the time of its claim on.
 *
 * <p><b>Threading.</b> Thread-safe; it waits for Kafka, so keep it off event loops.
 */
public final class TaskLogs {
    private static final Logger log = LoggerFactory.getLogger(TaskLogs.class);
    private static final int STEP = 500;
    /** Records of other tasks lie between; one answer passes over so many of them at most. */
    private static final int MOST_STEPS = 20;
    /** How far the clocks of a worker and a coordinator may differ before the first lines are missed. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private final StretchReader reader;
    private final String topic;
    private final Decoder<TaskLog> decoder;

    /** @param reader is not closed by it */
    public TaskLogs(StretchReader reader, WireFormat wire, Topics topics) {
        this.reader = reader;
        this.topic = topics.taskLogs().name();
        this.decoder = wire.decoder(topics.taskLogs());
    }

    /**
     * Lines of one delivery in their order.
     *
     * @param from {@link LogPage#next} of the page before; empty for the beginning
     */
    public LogPage read(String run, String task, AttemptView attempt, Optional<LogPlace> from, int limit) {
        Optional<LogPosition> position = attempt.logs();
        boolean ended = attempt.endedAt().isPresent();
        if (position.isEmpty() && (ended || attempt.startedAt().isEmpty())) {
            return new LogPage(List.of(), from.orElse(new LogPlace(0, 0)), ended);
        }
        byte[] key = (run + "/" + task).getBytes(UTF_8);
        TopicPartition partition = new TopicPartition(
                topic, position.map(LogPosition::getPartition).orElseGet(() -> partitionOf(key)));
        Bounds bounds = reader.bounds(partition);
        long end = position.map(known -> known.getLastOffset() + 1).orElse(bounds.end());
        LogPlace start = from.orElseGet(() -> new LogPlace(
                position.map(LogPosition::getFirstOffset)
                        .orElseGet(() -> reader.offsetAt(
                                        partition,
                                        attempt.startedAt().orElseThrow().minus(CLOCK_SKEW))
                                .orElse(bounds.end())),
                0));
        // What the retention took is not there; the rest is.
        LogPlace place = start.offset() < bounds.beginning() ? new LogPlace(bounds.beginning(), 0) : start;
        List<LogPage.Entry> lines = new ArrayList<>();
        for (int step = 0; step < MOST_STEPS && place.offset() < end && lines.size() < limit; step++) {
            place = collect(reader.read(partition, place.offset(), end, STEP), key, attempt, place, limit, lines);
        }
        return new LogPage(List.copyOf(lines), place, position.isPresent() && place.offset() >= end);
    }

    /** Answers the place to go on at. */
    private LogPlace collect(
            Stretch stretch, byte[] key, AttemptView attempt, LogPlace from, int limit, List<LogPage.Entry> lines) {
        for (ConsumerRecord<byte[], byte[]> record : stretch.records()) {
            List<LogLine> written = Arrays.equals(record.key(), key) ? linesOf(record, attempt) : List.of();
            for (int i = 0; i < written.size(); i++) {
                if (from.isAfter(record.offset(), i)) {
                    continue;
                }
                if (lines.size() == limit) {
                    return new LogPlace(record.offset(), i);
                }
                LogPlace next = i + 1 < written.size()
                        ? new LogPlace(record.offset(), i + 1)
                        : new LogPlace(record.offset() + 1, 0);
                lines.add(new LogPage.Entry(written.get(i), next));
            }
        }
        return new LogPlace(stretch.next(), 0);
    }

    private List<LogLine> linesOf(ConsumerRecord<byte[], byte[]> record, AttemptView attempt) {
        try {
            TaskLog written = decoder.decode(record.value());
            return written.getAttempt() == attempt.attempt() && written.getEpoch() == attempt.epoch()
                    ? written.getLines()
                    : List.of();
        } catch (UndecodableException e) {
            log.warn(
                    "The lines at {}-{}@{} cannot be read: {}",
                    topic,
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return List.of();
        }
    }

    /** As Kafka's producers choose it. */
    private int partitionOf(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % Math.max(1, reader.partitions(topic));
    }
}
