package io.millrace.coordinator.listen;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.engine.Limits;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What all readers of one coordinator share, and what each of them is made of.
 *
 * <p><b>Threading:</b> safe for any number of threads; what it makes belongs to the reader that it is made for.
 *
 * @param instanceId tells this coordinator from others, and stays the same when it is started again
 */
record Parts(
        KafkaAccess kafka,
        WireFormat wire,
        String instanceId,
        PipelineCatalogue catalogue,
        Listeners listeners,
        KnownPositions known,
        EventDecoder decoder,
        ListenCounts counts,
        Clock clock) {
    /** The least that a broker accepts whose group.min.session.timeout.ms is the default. */
    private static final int SESSION_MILLIS = 6_000;

    private static final int HEARTBEAT_MILLIS = 1_500;
    /** How late a new partition may be noticed. */
    private static final int METADATA_MILLIS = 5_000;

    private static final int RECORDS_A_TURN = 10_000;

    /** The same for the group's member and the transactions of a reader: whoever sees the one gone ends the other. */
    private String life(String topic) {
        return kafka.topics().listenerGroup(topic) + "@" + instanceId;
    }

    Outbox outbox(String topic) {
        return new Outbox(kafka, wire, life(topic), counts, clock);
    }

    Judge judge(String topicId, Outbox outbox) {
        return new Judge(commands(topicId), decoder, outbox, Limits.STANDARD);
    }

    /** @param topicId tells a topic from one of the same name that was deleted */
    RecordCommands commands(String topicId) {
        return new RecordCommands(topicId, Limits.STANDARD, clock);
    }

    Beginnings beginnings(Consumer<?, ?> consumer, String topicId) {
        return new Beginnings(consumer, known, listeners, topicId);
    }

    /** A member of the group that shares the partitions of a topic. */
    Consumer<byte[], byte[]> groupConsumer(String topic) {
        Map<String, Object> properties = properties();
        properties.put("client.id", life(topic));
        properties.put("group.id", kafka.topics().listenerGroup(topic));
        // A member that comes back after a kill takes its partitions up again at once.
        properties.put("group.instance.id", instanceId);
        properties.put("group.protocol", "classic");
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        properties.put("session.timeout.ms", SESSION_MILLIS);
        properties.put("heartbeat.interval.ms", HEARTBEAT_MILLIS);
        return consumer(properties);
    }

    LateReader lateReader(String topic, Judge judge) {
        Map<String, Object> properties = properties();
        properties.put("client.id", life(topic) + "-late");
        return new LateReader(consumer(properties), judge, counts);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = kafka.consumerProperties();
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", RECORDS_A_TURN);
        properties.put("metadata.max.age.ms", METADATA_MILLIS);
        properties.put("fetch.max.wait.ms", 250);
        return properties;
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
