package io.millrace.embedded.registry;

import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry without its HTTP door: the topic, its reader and its writer around one catalogue, opened and closed together.
 */
final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final Catalogue catalogue = new Catalogue();
    private final SchemasTopic topic;
    private final TopicReader reader;
    private final TopicWriter writer;

    private Store(String bootstrapServers, SchemasTopic topic) {
        this.topic = topic;
        this.reader = new TopicReader(bootstrapServers, topic.name(), catalogue::apply);
        this.writer = new TopicWriter(bootstrapServers, topic, reader);
    }

    /**
     * Returns when all schemas have been read.
     *
     * @throws IOException when Kafka does not answer, or the topic would lose schemas; nothing is left running
     */
    static Store open(String bootstrapServers, String name) throws IOException {
        SchemasTopic topic = topic(bootstrapServers, name);
        Store store;
        try {
            topic.ensure();
            store = new Store(bootstrapServers, topic);
        } catch (IOException | KafkaException e) {
            topic.close();
            throw e;
        }
        try {
            store.reader.start();
            store.writer.catchUp();
            return store;
        } catch (RegistryProblem e) {
            store.close();
            throw new IOException("The registry cannot read " + name + ": " + e.sentence(), e);
        }
    }

    Queries queries() {
        return new Queries(catalogue);
    }

    Commands commands() {
        return new Commands(catalogue, queries(), writer);
    }

    TopicWriter writer() {
        return writer;
    }

    /** What the first write needs is fetched now; should that fail, the first write says so. */
    void warmUp() {
        try {
            writer.warmUp();
        } catch (RegistryProblem e) {
            LOG.debug("The registry's writer is not ready yet: {}", e.sentence());
        }
    }

    @Override
    public void close() {
        writer.close();
        reader.close();
        topic.close();
    }

    private static SchemasTopic topic(String bootstrapServers, String name) throws IOException {
        try {
            return new SchemasTopic(bootstrapServers, name);
        } catch (KafkaException e) {
            throw new IOException("No client for Kafka at " + bootstrapServers + ": " + rootMessage(e), e);
        }
    }

    static String rootMessage(Throwable e) {
        return e.getCause() == null ? String.valueOf(e.getMessage()) : rootMessage(e.getCause());
    }
}
