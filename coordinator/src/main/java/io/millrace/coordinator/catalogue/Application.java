package io.millrace.coordinator.catalogue;

import io.millrace.event.PipelineDefinition;
import io.millrace.pipeline.Pipeline;
import io.millrace.schemas.registry.RegistryException;
import io.millrace.schemas.registry.RegistryUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * How a submission becomes the next version: fence, read to the end, number, write, commit; and all over again when
 * another coordinator came between. Not thread-safe; one application at a time.
 */
final class Application implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);
    /** Coordinators that fence one another in turn must fall out of step; the wait grows with the attempts. */
    private static final int PAUSE_MILLIS = 25;

    private static final int MAX_PAUSE_MILLIS = 1_000;

    private final VersionIndex index;
    private final Consumer<Duration> awaitEnd;
    private final VersionPublisher publisher;
    private final QueueTopics queues;
    private final Clock clock;

    Application(
            VersionIndex index,
            Consumer<Duration> awaitEnd,
            VersionPublisher publisher,
            QueueTopics queues,
            Clock clock) {
        this.index = index;
        this.awaitEnd = awaitEnd;
        this.publisher = publisher;
        this.queues = queues;
        this.clock = clock;
    }

    Applied apply(Submission submission) {
        Pipeline pipeline = submission
                .pipeline()
                .orElseThrow(() -> new IllegalArgumentException("not applicable: " + submission.problems()));
        queues.ensure(pipeline);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        PipelineDefinition written = null;
        for (int attempt = 1; ; attempt++) {
            try {
                publisher.open();
                awaitEnd.accept(READ_LIMIT);
                Optional<PipelineDefinition> current = index.currentDefinition(pipeline.id());
                if (current.isPresent() && current.get().getDigest().equals(submission.digest())) {
                    return applied(pipeline, current.get(), isSame(current.get(), written));
                }
                written = next(pipeline, current, submission);
                publisher.write(written);
                awaitEnd.accept(READ_LIMIT);
                return applied(pipeline, written, true);
            } catch (KafkaException e) {
                publisher.discard();
                if (isFinal(e) || System.nanoTime() - deadline > 0) {
                    throw new CatalogueUnavailableException(
                            "The pipeline " + pipeline.id() + " could not be written: " + e.getMessage(), e);
                }
                pause(attempt);
            } catch (RegistryUnavailableException | RegistryException e) {
                throw new CatalogueUnavailableException(
                        "The pipeline " + pipeline.id() + " could not be written: " + e.getMessage(), e);
            }
        }
    }

    /**
     * The submission was understood already, and is answered with that; the index is asked by later callers.
     */
    private static Applied applied(Pipeline pipeline, PipelineDefinition definition, boolean created) {
        return new Applied(new PipelineVersion(definition, pipeline), created);
    }

    /** Whether a commit whose answer was lost had succeeded after all. */
    private static boolean isSame(PipelineDefinition current, @Nullable PipelineDefinition written) {
        return written != null
                && current.getVersion() == written.getVersion()
                && current.getAppliedAt().equals(written.getAppliedAt());
    }

    private PipelineDefinition next(Pipeline pipeline, Optional<PipelineDefinition> current, Submission submission) {
        return PipelineDefinition.newBuilder()
                .setPipeline(pipeline.id().value())
                .setVersion(current.map(PipelineDefinition::getVersion).orElse(0) + 1)
                .setSource(submission.source())
                .setFiles(submission.files())
                .setWatches(Watches.of(pipeline))
                .setDigest(submission.digest())
                .setAppliedAt(Instant.now(clock).truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    private static boolean isFinal(KafkaException e) {
        return e instanceof AuthorizationException
                || e instanceof AuthenticationException
                || e instanceof RecordTooLargeException
                || e instanceof InterruptException;
    }

    private static void pause(int attempt) {
        int longest = Math.min(MAX_PAUSE_MILLIS, PAUSE_MILLIS * attempt * 2);
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(PAUSE_MILLIS, longest + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogueUnavailableException("Interrupted while applying a pipeline", e);
        }
    }

    @Override
    public void close() {
        publisher.close();
    }
}
