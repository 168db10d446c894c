package io.millrace.coordinator.topology;

import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * The runs that have ended and whose trigger may come again: remembered for the retention, then forgotten segment by
 * segment without a scan (G1).
 *
 * <p><b>Threading:</b> owned by the stream thread that owns the store.
 */
final class EndedRuns {
    private final WindowStore<String, byte[]> store;
    private final StateCodec codec;
    private final Duration retention;

    EndedRuns(WindowStore<String, byte[]> store, StateCodec codec, Duration retention) {
        this.store = store;
        this.codec = codec;
        this.retention = retention;
    }

    void remember(RunId run, RunHead head, long sequence, Instant endedAt) {
        if (head.trigger().isRepeatable()) {
            store.put(run.value(), codec.encodeEnded(head, sequence, endedAt), endedAt.toEpochMilli());
        }
    }

    boolean contains(RunId run, Instant now) {
        // Clocks of two coordinators may differ a little, so look somewhat ahead, too.
        try (WindowStoreIterator<byte[]> found =
                store.fetch(run.value(), now.minus(retention), now.plus(Duration.ofHours(1)))) {
            return found.hasNext();
        }
    }
}
