package io.millrace.coordinator.topology;

import io.millrace.engine.RunHead;
import io.millrace.engine.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * The runs that have ended, each with the number of its last event: remembered for the retention, then forgotten segment
 * by segment without a scan. A trigger that comes again finds its run here (G1), and a run is opened again only once all of
 * its events can be read (G2, G3).
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
        store.put(run.value(), codec.encodeEnded(head, sequence, endedAt), endedAt.toEpochMilli());
    }

    boolean contains(RunId run, Instant now) {
        try (WindowStoreIterator<byte[]> found = fetch(run, now)) {
            return found.hasNext();
        }
    }

    /** The number of the last event of a run that has ended, perhaps more than once; empty when it is not remembered. */
    OptionalLong lastSequence(RunId run, Instant now) {
        OptionalLong last = OptionalLong.empty();
        try (WindowStoreIterator<byte[]> found = fetch(run, now)) {
            while (found.hasNext()) {
                last = OptionalLong.of(Math.max(last.orElse(0), codec.decodeEndedSequence(found.next().value)));
            }
        }
        return last;
    }

    /** Clocks of two coordinators may differ a little, so it looks somewhat ahead, too. */
    private WindowStoreIterator<byte[]> fetch(RunId run, Instant now) {
        return store.fetch(run.value(), now.minus(retention), now.plus(Duration.ofHours(1)));
    }
}
