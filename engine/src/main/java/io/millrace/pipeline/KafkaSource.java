package io.millrace.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A topic of the user's that the pipeline listens to.
 *
 * @param topic its name
 * @param format what its records are
 * @param from where the trigger begins that has not listened to the topic before
 * @param key what tells one record from another; empty for its position, and always for a batch
 * @param batch how many records start one run; empty when each starts its own
 */
public record KafkaSource(
        String topic, EventFormat format, Beginning from, Optional<EventKey> key, Optional<Batch> batch)
        implements TriggerSource {
    /**
     * Where a trigger begins.
     *
     * @param instant given exactly for {@link Kind#INSTANT}
     */
    public record Beginning(Kind kind, Optional<Instant> instant) {
        /** With what comes from the moment on at which the version was applied that has the trigger first. */
        public static final Beginning LATEST = new Beginning(Kind.LATEST, Optional.empty());

        /** With the first record that there is. */
        public static final Beginning EARLIEST = new Beginning(Kind.EARLIEST, Optional.empty());

        /** Checks that it is told exactly where that is needed. @throws IllegalArgumentException otherwise */
        public Beginning {
            if (instant.isPresent() != (kind == Kind.INSTANT)) {
                throw new IllegalArgumentException("an instant belongs to INSTANT, not to " + kind);
            }
        }

        /** With the first record whose timestamp is not before a moment. */
        public static Beginning at(Instant instant) {
            return new Beginning(Kind.INSTANT, Optional.of(instant));
        }
    }

    /** The ways to say where. */
    public enum Kind {
        /** What comes from now on. */
        LATEST,
        /** Everything. */
        EARLIEST,
        /** From a point in time on. */
        INSTANT
    }

    /**
     * Records that start one run together: at most so many, and those that come within some time of the first.
     *
     * @param max at least 1
     */
    public record Batch(int max, Duration within) {}

    @Override
    public String kind() {
        return "kafka";
    }
}
