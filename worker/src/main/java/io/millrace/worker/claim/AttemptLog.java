package io.millrace.worker.claim;

import io.millrace.event.LogLine;
import io.millrace.event.LogPosition;
import io.millrace.event.LogStream;
import io.millrace.worker.execute.LineSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one execution on their way to {@code task-logs}, a batch a record, and where they came to lie.
 *
 * <p><b>Threading:</b> the execution's threads add lines and never wait; the publisher's thread and the one that closes flush, one at a time, so that the
 * order is kept; acknowledgements come on Kafka's thread.
 */
final class AttemptLog implements LineSink {
    /** A record is closed when it holds so much; with one more line of 24,000 bytes it is far below a topic's limit of 1 MiB. */
    private static final int BATCH_BYTES = 64 * 1024;
    /** A char takes at most three bytes in UTF-8; time, stream and lengths take less than this. */
    private static final int BYTES_PER_LINE = 16;

    private final Claim claim;
    private final WorkerRecords records;
    private final DurableSender sender;
    private final Consumer<AttemptLog> onFull;
    private final Object flushing = new Object();
    private List<LogLine> lines = new ArrayList<>();
    private int bytes;
    private long lineCount;
    private int pending;
    private int partition = -1;
    private long firstOffset = Long.MAX_VALUE;
    private long lastOffset = -1;

    AttemptLog(Claim claim, WorkerRecords records, DurableSender sender, Consumer<AttemptLog> onFull) {
        this.claim = claim;
        this.records = records;
        this.sender = sender;
        this.onFull = onFull;
    }

    @Override
    public void accept(Instant at, LogStream stream, String text) {
        boolean full;
        synchronized (this) {
            lines.add(LogLine.newBuilder()
                    .setAt(at)
                    .setStream(stream)
                    .setText(text)
                    .build());
            lineCount++;
            int before = bytes;
            bytes += 3 * text.length() + BYTES_PER_LINE;
            full = before < BATCH_BYTES && bytes >= BATCH_BYTES;
        }
        if (full) {
            onFull.accept(this);
        }
    }

    /** Sends what there is. */
    void flush() {
        synchronized (flushing) {
            List<LogLine> all;
            synchronized (this) {
                all = lines;
                lines = new ArrayList<>();
                bytes = 0;
            }
            int start = 0;
            int size = 0;
            for (int i = 0; i < all.size(); i++) {
                size += 3 * all.get(i).getText().length() + BYTES_PER_LINE;
                if (size >= BATCH_BYTES || i == all.size() - 1) {
                    send(List.copyOf(all.subList(start, i + 1)));
                    start = i + 1;
                    size = 0;
                }
            }
        }
    }

    /** Sends the rest and waits until all is acknowledged; empty when there were no lines. */
    Optional<LogPosition> close(boolean truncated) throws InterruptedException {
        flush();
        synchronized (this) {
            while (pending > 0) {
                wait();
            }
            if (lastOffset < 0) {
                return Optional.empty();
            }
            return Optional.of(LogPosition.newBuilder()
                    .setPartition(partition)
                    .setFirstOffset(firstOffset)
                    .setLastOffset(lastOffset)
                    .setLines(lineCount)
                    .setTruncated(truncated)
                    .build());
        }
    }

    private void send(List<LogLine> batch) {
        synchronized (this) {
            pending++;
        }
        sender.send(records.log(claim, batch), this::acknowledged);
    }

    private synchronized void acknowledged(@Nullable RecordMetadata metadata) {
        pending--;
        if (metadata != null) {
            partition = metadata.partition();
            firstOffset = Math.min(firstOffset, metadata.offset());
            lastOffset = Math.max(lastOffset, metadata.offset());
        }
        notifyAll();
    }
}
