package io.millrace.coordinator.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs that have begun of late. Most runs end soon, and then all that there is of one can be written at once: a third of the entries, since it
 * never was among those that are running, and its events are one group.
 *
 * <p><b>Threading.</b> Used by one thread at a time; whether something is {@linkplain #isUnwritten(String) unwritten} any thread may ask.
 */
final class YoungRuns {
    /** By partition: there the one that has begun first holds back the position from which the topic would be read again. */
    private final Map<Integer, Map<String, YoungRun>> byPartition = new HashMap<>();

    private final Map<String, YoungRun> byId = new HashMap<>();
    /** Also those that are being written: until that is done whoever reads the database does not find them there. */
    private final Set<String> unwritten = ConcurrentHashMap.newKeySet();

    private final List<String> leaving = new ArrayList<>();
    private long bytes;

    void add(YoungRun run) {
        byId.put(run.id(), run);
        unwritten.add(run.id());
        of(run).put(run.id(), run);
        bytes += run.bytes();
    }

    /** Whether something of a run is not in the database yet. */
    boolean isUnwritten(String run) {
        return unwritten.contains(run);
    }

    /** Whether something of any run is not in the database yet. */
    boolean isUnwritten() {
        return !unwritten.isEmpty();
    }

    @Nullable
    YoungRun get(String run) {
        return byId.get(run);
    }

    /** Another event of one of them. */
    void add(YoungRun run, LoggedEvent event) {
        bytes -= run.bytes();
        run.add(event);
        bytes += run.bytes();
    }

    /** It is young no longer, and is about to be {@link #written}. */
    void remove(YoungRun run) {
        byId.remove(run.id());
        leaving.add(run.id());
        of(run).remove(run.id());
        bytes -= run.bytes();
    }

    private Map<String, YoungRun> of(YoungRun run) {
        return byPartition.computeIfAbsent(run.first().partition(), partition -> new LinkedHashMap<>());
    }

    /** The one of a partition that has begun first. */
    private static Optional<YoungRun> eldest(Map<String, YoungRun> runs) {
        Iterator<YoungRun> inOrder = runs.values().iterator();
        return inOrder.hasNext() ? Optional.of(inOrder.next()) : Optional.empty();
    }

    /** One that came before a moment; where they hold more than so many bytes, any that is the eldest of its partition. */
    Optional<YoungRun> tooOld(long beforeNanos, long mostBytes) {
        for (Map<String, YoungRun> runs : byPartition.values()) {
            Optional<YoungRun> eldest =
                    eldest(runs).filter(run -> bytes > mostBytes || run.sinceNanos() - beforeNanos < 0);
            if (eldest.isPresent()) {
                return eldest;
            }
        }
        return Optional.empty();
    }

    /** The offset of the first event of a partition that the database lacks; empty when it lacks none. */
    OptionalLong firstOffset(int partition) {
        return eldest(byPartition.getOrDefault(partition, Map.of()))
                .map(run -> OptionalLong.of(run.first().offset()))
                .orElse(OptionalLong.empty());
    }

    /** The database has those that were removed. */
    void written() {
        leaving.forEach(unwritten::remove);
        leaving.clear();
    }

    void clear() {
        byPartition.clear();
        byId.clear();
        leaving.clear();
        unwritten.clear();
        bytes = 0;
    }
}
