package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.Topic;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Every version of every pipeline: what was applied through this catalogue is there when {@code apply} returns, and what
 * was applied through another coordinator is found when it is asked for. Versions of a pipeline count from 1 without
 * gaps or repeats, however many coordinators apply at once.
 *
 * <p>A version that this Millrace cannot read, because a newer one wrote it, is logged and taken as unknown.
 *
 * <p><b>Threading.</b> Thread-safe; all methods but {@code known…} may wait for Kafka, so keep them off event loops.
 * Lookups of what is known never wait.
 */
public final class PipelineCatalogue implements AutoCloseable {
    /** A flood of unknown names asks Kafka fifty times a second at most, and not once a name. */
    static final Duration BARRIER_DISTANCE = Duration.ofMillis(20);

    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(5);

    private final VersionIndex index = new VersionIndex();
    private final ReentrantLock applying = new ReentrantLock(true);
    private final TopicTable<PipelineDefinition> table;
    private final Barrier barrier;
    private final Application application;

    private PipelineCatalogue(
            KafkaAccess kafka, WireFormat wire, Partitioning partitioning, String source, Clock clock) {
        Topic<PipelineDefinition> topic = kafka.topics().pipelines();
        table = TopicTable.open(topic, wire, kafka, index::enter);
        barrier = new Barrier(() -> awaitEnd(LOOKUP_LIMIT), BARRIER_DISTANCE, System::nanoTime, LockSupport::parkNanos);
        VersionPublisher publisher = new VersionPublisher(kafka, topic, wire.encoder(topic), source);
        application = new Application(index, this::awaitEnd, publisher, new QueueTopics(kafka, partitioning), clock);
    }

    /**
     * How the topics of queues are made.
     *
     * @param partitions of each, at least 1
     * @param replicationFactor of each, at least 1
     */
    public record Partitioning(int partitions, short replicationFactor) {}

    /**
     * A catalogue that reads from now on. It returns at once, also while Kafka is away; {@link #awaitRead} tells when all
     * is read.
     *
     * @param source who applies, for the records' headers: a URI reference such as {@code /coordinator/c1}
     */
    public static PipelineCatalogue open(
            KafkaAccess kafka, WireFormat wire, Partitioning partitioning, String source, Clock clock) {
        return new PipelineCatalogue(kafka, wire, partitioning, source, clock);
    }

    /**
     * Returns once every version that was applied before the call, by whomever, is known.
     *
     * @throws CatalogueUnavailableException when that takes longer than the limit
     */
    public void awaitRead(Duration limit) {
        awaitEnd(limit);
    }

    /**
     * The version that new runs are started with; empty when there is none such.
     *
     * @throws CatalogueUnavailableException when it is not known here and Kafka does not say whether it exists
     */
    public Optional<PipelineVersion> current(PipelineId id) {
        return current(id, System.nanoTime());
    }

    /**
     * The same for a question that came up earlier, such as with a record when it was polled: what was applied before
     * that is found. Many questions that came up together then ask Kafka once.
     *
     * @param askedAtNanos when the question came up, by {@link System#nanoTime()}
     * @throws CatalogueUnavailableException when it is not known here and Kafka does not say whether it exists
     */
    public Optional<PipelineVersion> current(PipelineId id, long askedAtNanos) {
        Optional<PipelineVersion> known = index.current(id);
        if (known.isPresent()) {
            return known;
        }
        barrier.pass(askedAtNanos);
        return index.current(id);
    }

    /**
     * One version of a pipeline; empty when there is none such.
     *
     * @throws CatalogueUnavailableException when it is not known here and Kafka does not say whether it exists
     */
    public Optional<PipelineVersion> version(PipelineId id, int version) {
        Optional<PipelineVersion> known = index.version(id, version);
        if (known.isPresent() || version < 1) {
            return known;
        }
        barrier.pass(System.nanoTime());
        return index.version(id, version);
    }

    /** One version of a pipeline, as far as it has been read already; never waits. */
    public Optional<PipelineVersion> knownVersion(PipelineId id, int version) {
        return index.version(id, version);
    }

    /**
     * The pipelines of which a version was read after so many were read; never waits. Who asks again counts what it was told:
     * the first question, for those after none, names every pipeline.
     */
    public List<String> changesAfter(int count) {
        return index.changesAfter(count);
    }

    /** The current version of a pipeline, as far as it has been read already; never waits. */
    public Optional<PipelineVersion> knownCurrent(PipelineId id) {
        return index.current(id);
    }

    /** The current version of every pipeline that has been read already, by id; never waits. */
    public List<PipelineVersion> known() {
        return index.pipelines().stream()
                .map(PipelineId::new)
                .flatMap(id -> index.current(id).stream())
                .sorted(Comparator.comparing(version -> version.id().value()))
                .toList();
    }

    /** Whether a pipeline has a current version that this Millrace, as an older one, cannot read; never waits. */
    public boolean isUnreadable(PipelineId id) {
        return index.currentDefinition(id).isPresent() && index.current(id).isEmpty();
    }

    /**
     * The submission, held against the current versions of the pipelines of which its tasks start runs: what was applied before the call,
     * by whomever, counts. Of a pipeline that was not applied yet nothing is asked; its runs are refused when they are started.
     *
     * @throws CatalogueUnavailableException when Kafka does not say what is current
     */
    public Submission judged(Submission submission) {
        if (!submission.started().isEmpty()) {
            barrier.pass(System.nanoTime());
        }
        return submission.against(other -> index.current(other).map(PipelineVersion::pipeline));
    }

    /**
     * Makes the submission the current version of its pipeline, and the topics of its queues; when it is that already,
     * nothing is written. When this returns, Kafka has acknowledged the version (acks=all).
     *
     * @throws IllegalArgumentException when the submission has problems
     * @throws CatalogueUnavailableException when Kafka or the registry does not answer; whether the version was written is
     *     not known then, and applying it again finds out
     */
    public Applied apply(Submission submission) {
        applying.lock();
        try {
            return application.apply(submission);
        } finally {
            applying.unlock();
        }
    }

    private void awaitEnd(Duration limit) {
        try {
            table.awaitEnd(limit);
        } catch (TimeoutException e) {
            throw new CatalogueUnavailableException("The pipelines cannot be read: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogueUnavailableException("Interrupted while reading the pipelines", e);
        } catch (IllegalStateException e) {
            throw new CatalogueUnavailableException(
                    "The pipelines are not read any more: the coordinator is closing", e);
        }
    }

    /** Ends reading; what is known stays known. An {@code apply} under way fails. */
    @Override
    public void close() {
        table.close();
        applying.lock();
        try {
            application.close();
        } finally {
            applying.unlock();
        }
    }
}
