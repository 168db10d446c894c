package io.millrace.alert;

import io.millrace.pipeline.AlertMeasure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An alert: how it is, what became of it, and what its channels have been told. Immutable; each happening gives the next. The same calls in the same
 * order always give the same answers.
 *
 * <p>Messages about one alert are at least its rule's {@code interval} apart, and each says how often it happened since the one before: ten thousand
 * failures in a minute are two messages. What was raised is always told, also when it is well again by then.
 *
 * @param key what tells it from others
 * @param terms what its rule says, as it was the last time that the rule had something to say
 * @param phase how it is
 * @param number how often it has been raised
 * @param raisedAt when it was last; null when it never was
 * @param count how often it has happened since it was raised
 * @param outstanding how many runs are late now, of a rule that is about those
 * @param recent when it happened, as far as that counts towards the next raise
 * @param window the numbers of those before, the oldest first, where what happens is held against them
 * @param last what happened last; null when nothing has
 * @param changedAt since when it has been how it is
 * @param by who acknowledged or resolved it, or null
 * @param reason why it is how it is, for people, or null
 * @param silentUntil until when nobody is told, or null
 * @param told what the channels have been told
 */
public record Alert(
        AlertKey key,
        Terms terms,
        AlertPhase phase,
        long number,
        @Nullable Instant raisedAt,
        long count,
        long outstanding,
        List<Instant> recent,
        List<Double> window,
        @Nullable Occurrence last,
        Instant changedAt,
        @Nullable String by,
        @Nullable String reason,
        @Nullable Instant silentUntil,
        Told told) {
    /** Copies the list. */
    public Alert {
        recent = List.copyOf(recent);
        window = List.copyOf(window);
    }

    /** One of which nothing is known. */
    public static Alert quiet(AlertKey key, Terms terms, Instant now) {
        return new Alert(
                key,
                terms,
                AlertPhase.QUIET,
                0,
                null,
                0,
                0,
                List.of(),
                List.of(),
                null,
                now,
                null,
                null,
                null,
                Told.NOTHING);
    }

    /** It happened. */
    public Alert happened(Occurrence what, Terms newTerms) {
        Draft next = new Draft(this);
        next.terms = newTerms;
        next.last = what;
        if (phase.isRaised()) {
            next.count++;
            return next.complete();
        }
        List<Instant> counted = new ArrayList<>(recent);
        counted.removeIf(
                at -> newTerms.count() > 1 && at.plus(newTerms.within()).isBefore(what.at()));
        counted.add(what.at());
        if (counted.size() < newTerms.count()) {
            next.recent = counted;
            return next.complete();
        }
        next.to(AlertPhase.OPEN, what.at(), null, null);
        next.number++;
        next.raisedAt = what.at();
        next.count = counted.size();
        next.recent = List.of();
        return next.complete();
    }

    /**
     * A number came, of a rule that holds it against those before: it is odd, and the alert is raised, or it is not, and all is well.
     *
     * @param what what happened, if it is odd
     */
    public Alert measured(Occurrence what, double number, Terms newTerms) {
        AlertMeasure measure = newTerms.measure().orElseThrow();
        Optional<String> odd = measure.odd(window, number);
        Alert judged = odd.isPresent()
                ? happened(what.with(what.text() + ": " + odd.get()), newTerms)
                : well(what.at(), "it is as it was before");
        Draft next = new Draft(judged);
        next.terms = newTerms;
        next.window = measure.after(window, number);
        if (next.last == null) {
            next.last = what;
        }
        return next.complete();
    }

    /** A run is late: one more. */
    public Alert late(Occurrence what, Terms newTerms) {
        Draft next = new Draft(happened(what, newTerms));
        next.outstanding++;
        return next.complete();
    }

    /** A run that was late has ended; when it was the last, all is well. */
    public Alert ended(Instant at, String why) {
        Draft next = new Draft(this);
        next.outstanding = Math.max(0, outstanding - 1);
        Alert fewer = next.complete();
        return fewer.outstanding == 0 ? fewer.well(at, why) : fewer;
    }

    /** The opposite happened. */
    public Alert well(Instant at, String why) {
        if (!phase.isRaised()) {
            return recent.isEmpty() ? this : new Draft(this).forgetful().complete();
        }
        return new Draft(this).to(AlertPhase.RESOLVED, at, null, why).complete();
    }

    /** Somebody looks after it. @return the same where nothing is wrong */
    public Alert acknowledged(Instant at, @Nullable String who, @Nullable String why) {
        return phase == AlertPhase.OPEN
                ? new Draft(this).to(AlertPhase.ACKNOWLEDGED, at, who, why).complete()
                : this;
    }

    /** Somebody says that it is well. @return the same where nothing is wrong */
    public Alert resolved(Instant at, @Nullable String who, @Nullable String why) {
        return phase.isRaised()
                ? new Draft(this).to(AlertPhase.RESOLVED, at, who, why).complete()
                : this;
    }

    /** Nobody is told before this moment. @param until null where everybody is again */
    public Alert silenced(@Nullable Instant until) {
        Draft next = new Draft(this);
        next.silentUntil = until;
        return next.complete();
    }

    /** Whether nobody is told. */
    public boolean isSilent(Instant now) {
        return silentUntil != null && silentUntil.isAfter(now);
    }

    /** What its channels have still to be told, whenever the time for it is; empty when they know all. */
    private Optional<MessageKind> owed() {
        if (phase == AlertPhase.OPEN && !told.raised()) {
            return Optional.of(MessageKind.RAISED);
        }
        if (phase == AlertPhase.OPEN && count > told.count()) {
            return Optional.of(MessageKind.AGAIN);
        }
        if (phase == AlertPhase.ACKNOWLEDGED && !told.raised()) {
            return Optional.of(MessageKind.RAISED);
        }
        if (phase == AlertPhase.RESOLVED && !hasPassed() && (told.raised() || count > told.count())) {
            return Optional.of(MessageKind.RESOLVED);
        }
        return Optional.empty();
    }

    /** Whether it is over without anything that says so. */
    private boolean hasPassed() {
        return terms.passing() && told.raised() && count <= told.count();
    }

    /** When it has to be looked at; empty when there is nothing to wait for. */
    public Optional<Instant> dueAt(Instant now) {
        Instant at = told.at();
        Instant next = null;
        if (owed().isPresent()) {
            next = at == null ? now : at.plus(terms.interval());
        } else if (phase == AlertPhase.OPEN && at != null) {
            if (terms.passing()) {
                next = at.plus(terms.interval());
            } else if (terms.repeat().isPresent()) {
                next = at.plus(terms.repeat().get());
            }
        }
        boolean silent = isSilent(now);
        return Optional.ofNullable(next).map(due -> silent && due.isBefore(silentUntil) ? silentUntil : due);
    }

    /** What follows from the time. @param message what the channels are to be told; null for nothing */
    public record Step(Alert alert, @Nullable MessageKind message) {}

    /** Looks at it: whether its channels are to be told something now. */
    public Step look(Instant now) {
        Optional<Instant> due = dueAt(now);
        if (due.isEmpty() || due.get().isAfter(now)) {
            return new Step(this, null);
        }
        Optional<MessageKind> owed = owed();
        if (owed.isPresent()) {
            return new Step(told(owed.get(), now), owed.get());
        }
        if (terms.passing()) {
            Draft passed = new Draft(this).to(AlertPhase.RESOLVED, now, null, "nothing more has happened");
            return new Step(passed.complete(), null);
        }
        return new Step(told(MessageKind.REMINDER, now), MessageKind.REMINDER);
    }

    private Alert told(MessageKind message, Instant now) {
        Draft next = new Draft(this);
        next.told = new Told(told.messages() + 1, now, message != MessageKind.RESOLVED, count, number);
        return next.complete();
    }

    /** How often it happened since the channels were told last. */
    public long sinceTold() {
        return Math.max(0, count - told.count());
    }

    /** Whether it may be forgotten: nothing is wrong, nobody has to be told, nothing is held against what was, and nothing has happened for so long. */
    public boolean isForgotten(Duration retention, Instant now) {
        Instant lastAt = last == null ? changedAt : last.at();
        return !phase.isRaised()
                && window.isEmpty()
                && owed().isEmpty()
                && !isSilent(now)
                && lastAt.plus(retention).isBefore(now)
                && changedAt.plus(retention).isBefore(now);
    }

    /** The next alert in the making. */
    private static final class Draft {
        private final AlertKey key;
        private Terms terms;
        private AlertPhase phase;
        private long number;
        private @Nullable Instant raisedAt;
        private long count;
        private long outstanding;
        private List<Instant> recent;
        private List<Double> window;
        private @Nullable Occurrence last;
        private Instant changedAt;
        private @Nullable String by;
        private @Nullable String reason;
        private @Nullable Instant silentUntil;
        private Told told;

        Draft(Alert from) {
            key = from.key;
            terms = from.terms;
            phase = from.phase;
            number = from.number;
            raisedAt = from.raisedAt;
            count = from.count;
            outstanding = from.outstanding;
            recent = from.recent;
            window = from.window;
            last = from.last;
            changedAt = from.changedAt;
            by = from.by;
            reason = from.reason;
            silentUntil = from.silentUntil;
            told = from.told;
        }

        Draft to(AlertPhase next, Instant at, @Nullable String who, @Nullable String why) {
            if (next == AlertPhase.OPEN) {
                // What was told of the time before says nothing of this one.
                told = new Told(told.messages(), told.at(), false, 0, told.number());
            }
            if (next == AlertPhase.RESOLVED && !told.raised() && silentUntil != null && silentUntil.isAfter(at)) {
                // Nobody was to hear of it, and nobody does.
                told = new Told(told.messages(), told.at(), false, count, number);
            }
            phase = next;
            changedAt = at;
            by = who;
            reason = why;
            recent = List.of();
            return this;
        }

        Draft forgetful() {
            recent = List.of();
            return this;
        }

        Alert complete() {
            return new Alert(
                    key,
                    terms,
                    phase,
                    number,
                    raisedAt,
                    count,
                    outstanding,
                    recent,
                    window,
                    last,
                    changedAt,
                    by,
                    reason,
                    silentUntil,
                    told);
        }
    }
}
