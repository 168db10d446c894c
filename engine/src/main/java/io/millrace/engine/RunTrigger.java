package io.millrace.engine;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What started a run, for the audit.
 *
 * @param kind by which entrance it came
 * @param source who sent it, in the sender's words; empty when it did not say
 * @param idempotencyKey the key that the sender chose, or null
 * @param record the Kafka record that asked for the run, or null
 * @param parent the task that started the run, or null
 * @param firing what made a trigger of the pipeline's own fire, or null
 * @param traceparent the W3C trace context that the run is part of, or null; not interpreted here
 */
public record RunTrigger(
        Kind kind,
        String source,
        @Nullable String idempotencyKey,
        @Nullable RecordPosition record,
        @Nullable Parent parent,
        @Nullable Firing firing,
        @Nullable String traceparent) {
    /** The entrances. */
    public enum Kind {
        /** An HTTP call. */
        API,
        /** A record on the topic of triggers. */
        RECORD,
        /** A task of another run. */
        RUN,
        /** A schedule of the pipeline. */
        SCHEDULE,
        /** A request to a webhook of the pipeline. */
        WEBHOOK,
        /** A record of a topic that the pipeline listens to. */
        KAFKA,
        /** The end of a run of another pipeline, or of several. */
        UPSTREAM,
        /** A file in a directory that workers watch. */
        FILE,
        /** A tick of a schedule of the pipeline that a {@link Backfill} makes up for. */
        BACKFILL,
        /** A message about an alert, which the run passes on. */
        ALERT
    }

    /**
     * A trigger that the pipeline declares has fired.
     *
     * @param trigger its id within the pipeline
     * @param logicalTime the moment that the run is for: of a schedule, the tick; of a webhook, when the request came; of a topic, the
     *     timestamp of the record; of a run upstream, the moment that it is for; of a file, when it
     *     was last changed
     * @param upstream the runs whose ends it was, of a trigger that waits for such
     * @param depth how many runs one after another led to it
     * @param backfill the backfill that the run is under way for, or null
     */
    public record Firing(
            String trigger,
            Instant logicalTime,
            List<RunId> upstream,
            int depth,
            @Nullable BackfillId backfill) {
        /** Copies the list. */
        public Firing {
            upstream = List.copyOf(upstream);
        }

        /** Of what is no run. */
        public Firing(String trigger, Instant logicalTime) {
            this(trigger, logicalTime, List.of(), 0);
        }

        /** For no backfill. */
        public Firing(String trigger, Instant logicalTime, List<RunId> upstream, int depth) {
            this(trigger, logicalTime, upstream, depth, null);
        }
    }

    /** Where a record lies in Kafka. */
    public record RecordPosition(String topic, int partition, long offset) {}

    /** Whether the same trigger may come again, so that its run has to be remembered after its end. */
    public boolean isRepeatable() {
        return idempotencyKey != null;
    }

    /** The backfill that the run is under way for: that started it, or has opened it again last; null when there is none. */
    public @Nullable BackfillId backfill() {
        return firing == null ? null : firing.backfill();
    }

    /** The same of a run that is opened again. @param backfill what it is opened again for; null when it is for no backfill */
    RunTrigger openedAgainFor(@Nullable BackfillId backfill) {
        if (firing == null || Objects.equals(firing.backfill(), backfill)) {
            return this;
        }
        Firing other = new Firing(firing.trigger(), firing.logicalTime(), firing.upstream(), firing.depth(), backfill);
        return new RunTrigger(kind, source, idempotencyKey, record, parent, other, traceparent);
    }

    /** How many runs are above this one, or came before it. */
    public int depth() {
        return parent != null ? parent.depth() : firing == null ? 0 : firing.depth();
    }
}
