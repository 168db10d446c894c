package io.millrace.audit.verify;

import io.millrace.event.WorkerHeartbeat;
import io.millrace.event.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the heartbeats say of the lives of workers. Clocks of workers are not compared: for how long a worker has been silent is
 * told by the heartbeats of another, by that one's own clock.
 */
final class WorkerLives {
    /** One heartbeat. @param number counts those of all workers in the order of the log */
    private record Beat(int number, Instant at) {}

    private record Life(String worker, String incarnation) {}

    private record Loss(Life life, Instant at) {}

    private final Map<Life, List<Beat>> beats = new HashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private int number;

    void heartbeat(WorkerHeartbeat heartbeat) {
        number++;
        Life life = new Life(heartbeat.getWorker(), heartbeat.getIncarnation());
        if (heartbeat.getState() != WorkerState.STOPPED) {
            beats.computeIfAbsent(life, key -> new ArrayList<>()).add(new Beat(number, heartbeat.getAt()));
        }
    }

    /** A delivery was taken from this life at this time. */
    void lost(String worker, String incarnation, Instant at) {
        losses.add(new Loss(new Life(worker, incarnation), at));
    }

    /**
     * How long after their worker's last heartbeat before it deliveries were lost; by the worker's own clock, so that it is right where that is. To be
     * asked when all has been read: heartbeats may be read later than what follows from their absence.
     */
    List<Duration> noticed() {
        return losses.stream()
                .flatMap(loss -> beats.getOrDefault(loss.life, List.of()).stream()
                        .map(Beat::at)
                        .filter(beat -> beat.isBefore(loss.at))
                        .max(Comparator.naturalOrder())
                        .map(beat -> Duration.between(beat, loss.at))
                        .stream())
                .toList();
    }

    /** For how long others were heard after this life's last heartbeat; empty when it was never heard itself. */
    Optional<Duration> silence(String worker, String incarnation) {
        List<Beat> own = beats.get(new Life(worker, incarnation));
        if (own == null) {
            return Optional.empty();
        }
        int last = own.get(own.size() - 1).number();
        return Optional.of(beats.values().stream()
                .map(other -> span(other, last))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO));
    }

    private static Duration span(List<Beat> beats, int after) {
        List<Beat> later = beats.stream().filter(beat -> beat.number() > after).toList();
        return later.isEmpty()
                ? Duration.ZERO
                : Duration.between(
                        later.get(0).at(), later.get(later.size() - 1).at());
    }
}
