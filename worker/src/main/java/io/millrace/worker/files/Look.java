package io.millrace.worker.files;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Looks at the directory of one trigger, again and again, and announces each file that has arrived and settled and is not known like that. A look that fails at
 * whatever is repeated as a whole with the next, and a file is not known before it has been announced: so none is passed over, and what is announced twice is
 * told by its identity (G1).
 *
 * <p><b>Threading:</b> one thread looks; any thread asks for the state.
 */
final class Look {
    /** How many files one transaction announces. */
    static final int BATCH = 500;

    /** How often it is written anew that a file is still there. */
    static final Duration REFRESH = Duration.ofDays(2);

    /** How long a file is remembered that is not there any more. */
    static final Duration MEMORY = Duration.ofDays(7);

    private static final Duration FORGETTING = Duration.ofHours(1);
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);
    /** What arrived first is announced first, as far as the directory tells. */
    private static final Comparator<SeenFile> ORDER =
            Comparator.comparing(SeenFile::modified).thenComparing(SeenFile::path);

    private final Announcements announcements;
    private final BooleanSupplier paused;
    private final Clock clock;
    private final Settling settling;
    private final PathPattern pattern;
    private volatile Watched watched;
    private volatile State state = new State(0, Optional.empty());
    private Instant forgottenAt = Instant.EPOCH;

    /**
     * How it went the last time.
     *
     * @param files how many files of the pattern there were
     * @param trouble what was wrong
     */
    record State(long files, Optional<String> trouble) {}

    /** @throws IllegalArgumentException when its pattern is none that this worker knows */
    Look(Watched watched, Announcements announcements, BooleanSupplier paused, Clock clock, LongSupplier nanos) {
        this.watched = watched;
        this.announcements = announcements;
        this.paused = paused;
        this.clock = clock;
        this.settling = new Settling(watched.settled(), nanos);
        this.pattern = PathPattern.of(watched.watch().getPattern());
    }

    /** The same trigger in another version of its pipeline. */
    void become(Watched other) {
        watched = other;
    }

    Watched watched() {
        return watched;
    }

    State state() {
        return state;
    }

    /** Looks once. @return how long until it is worth the while to look again: at most as long as the trigger says */
    Duration once() throws InterruptedException {
        Duration again = watched.every();
        try {
            Gathered gathered = new Gathered();
            settling.begin();
            Walk.Outcome outcome = Walk.of(watched.directory(), pattern, gathered::take);
            Optional<Duration> settles = settling.end();
            if (outcome.readable()) {
                gathered.write();
                if (outcome.trouble().isEmpty()) {
                    forget();
                }
            }
            state = new State(outcome.files(), outcome.trouble());
            return settles.filter(left -> left.compareTo(again) < 0).orElse(again);
        } catch (TimeoutException | RuntimeException e) {
            // Kafka or the registry is away; whatever it is, the next look tells all of it again.
            state = new State(state.files, Optional.of("the last look failed: " + e.getMessage()));
            return again;
        }
    }

    private void forget() throws InterruptedException, TimeoutException {
        Instant now = clock.instant();
        if (Duration.between(forgottenAt, now).compareTo(FORGETTING) > 0) {
            announcements.awaitRead(READ_LIMIT);
            announcements.forget(watched.name()::equals, now.minus(MEMORY));
            forgottenAt = now;
        }
    }

    /** What one look has shown. */
    private final class Gathered {
        private final List<SeenFile> arrived = new ArrayList<>();
        private final List<SeenFile> remembered = new ArrayList<>();
        private final boolean begun =
                known(SeenFile.directory(watched.directory())).isPresent();
        private final boolean isPaused = paused.getAsBoolean();
        private final Instant stale = clock.instant().minus(REFRESH);

        void take(SeenFile file) {
            Optional<Instant> seenAt = known(file);
            if (seenAt.isPresent()) {
                if (seenAt.get().isBefore(stale)) {
                    remembered.add(file);
                }
            } else if (!begun && !watched.watch().getExisting()) {
                remembered.add(file);
            } else if (settling.isSettled(file) && !isPaused) {
                arrived.add(file);
            }
        }

        /** When it was last written that a file is there as it is; empty when it is not known so. */
        private Optional<Instant> known(SeenFile file) {
            return announcements
                    .known(watched.name(), file.path())
                    .filter(file::is)
                    .map(known -> known.getSeenAt());
        }

        private boolean isNews(SeenFile file) {
            return known(file).filter(seenAt -> !seenAt.isBefore(stale)).isEmpty();
        }

        void write() throws InterruptedException, TimeoutException {
            SeenFile directory = SeenFile.directory(watched.directory());
            if (arrived.isEmpty() && remembered.isEmpty() && !isNews(directory)) {
                return;
            }
            // Others may have seen it, too, and were faster. Who asks after looking begins with nothing that came after
            // another has begun.
            announcements.awaitRead(READ_LIMIT);
            boolean begunByOther = !begun && known(directory).isPresent();
            arrived.removeIf(file -> known(file).isPresent());
            remembered.removeIf(file -> begunByOther || !isNews(file));
            arrived.sort(ORDER);
            for (int from = 0; from < arrived.size(); from += BATCH) {
                announcements.write(watched, arrived.subList(from, Math.min(arrived.size(), from + BATCH)), List.of());
            }
            for (int from = 0; from < remembered.size(); from += BATCH) {
                announcements.write(
                        watched, List.of(), remembered.subList(from, Math.min(remembered.size(), from + BATCH)));
            }
            if (isNews(directory)) {
                announcements.write(watched, List.of(), List.of(directory));
            }
        }
    }
}
