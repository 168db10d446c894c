package io.millrace.coordinator.catalogue;

import io.millrace.pipeline.Pipeline;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.Topic;
import io.millrace.schemas.TopicCreation;
import io.millrace.schemas.TopicCreationException;
import io.millrace.schemas.Topics;
import io.millrace.schemas.config.KafkaAccess;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Makes the topics of queues before anything can be dispatched to them. Not thread-safe. */
final class QueueTopics {
    private final KafkaAccess kafka;
    private final Topics topics;
    private final PipelineCatalogue.Partitioning partitioning;
    private final Set<String> ready = new HashSet<>();

    QueueTopics(KafkaAccess kafka, PipelineCatalogue.Partitioning partitioning) {
        this.kafka = kafka;
        this.topics = kafka.topics();
        this.partitioning = partitioning;
    }

    /** Returns once the topic of every queue of the pipeline exists and can be written to. */
    void ensure(Pipeline pipeline) {
        List<String> missing = pipeline.queues().stream()
                .filter(queue -> !ready.contains(queue))
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<Topic<?>> wanted = missing.stream()
                .<Topic<?>>map(queue -> topics.tasks(new QueueName(queue)))
                .toList();
        try (Admin admin = Admin.create(kafka.adminProperties())) {
            TopicCreation.ensure(admin, wanted, partitioning.partitions(), partitioning.replicationFactor());
        } catch (TopicCreationException e) {
            throw new CatalogueUnavailableException("The topics of the queues cannot be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CatalogueUnavailableException("Interrupted while making the topics of the queues", e);
        }
        ready.addAll(missing);
    }
}
