package io.millrace.testkit;

import io.millrace.engine.Failure;
import io.millrace.engine.RunStatus;
import io.millrace.expression.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one attempt at a task.
 *
 * @param ending how it ends
 * @param takes how long it takes, in virtual time; not negative
 * @param progress what it says meanwhile
 */
public record Outcome(Ending ending, Duration takes, List<Progress> progress) {
    /** Copies the list. @throws IllegalArgumentException when the time is negative */
    public Outcome {
        progress = List.copyOf(progress);
        if (takes.isNegative()) {
            throw new IllegalArgumentException("an attempt cannot take " + takes);
        }
    }

    /** At once, and without a word. */
    public static Outcome of(Ending ending) {
        return new Outcome(ending, Duration.ZERO, List.of());
    }

    /** It succeeds with this output, at once. */
    public static Outcome gives(Map<String, ?> output) {
        return of(new Ending.Gives(Document.of(output)));
    }

    /** It fails, at once. */
    public static Outcome fails(Failure failure) {
        return of(new Ending.Fails(failure));
    }

    /** Its worker is lost, and with it all that was done since the last checkpoint. */
    public static Outcome losesWorker() {
        return of(new Ending.LosesWorker());
    }

    /** Its worker stops and gives it back: the same attempt goes on with another. */
    public static Outcome isReleased() {
        return of(new Ending.IsReleased());
    }

    /** It does not end by itself: by its timeout, by the end of its run, or not at all. */
    public static Outcome neverEnds() {
        return of(new Ending.Never());
    }

    /** Somebody approves. @param by who, or null */
    public static Outcome approvedBy(@Nullable String by) {
        return of(new Ending.Answered(true, by, null));
    }

    /** Somebody rejects. @param by who, or null */
    public static Outcome rejectedBy(@Nullable String by, @Nullable String comment) {
        return of(new Ending.Answered(false, by, comment));
    }

    /** The run that it started ends so, and not with success. */
    public static Outcome runEnds(RunStatus status, @Nullable String reason) {
        return of(new Ending.RunEnds(status, reason));
    }

    /** The same, only that it takes this long. */
    public Outcome taking(Duration time) {
        return new Outcome(ending, time, progress);
    }

    /** The same, and meanwhile it says this. */
    public Outcome saying(Progress said) {
        List<Progress> all = new ArrayList<>(progress);
        all.add(said);
        return new Outcome(ending, takes, all);
    }
}
