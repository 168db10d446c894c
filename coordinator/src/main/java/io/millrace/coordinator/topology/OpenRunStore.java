package io.millrace.coordinator.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The stored records of open runs. What a transaction changes is gathered, and encoded, stored and logged when it is about to be committed: of several
 * changes to a record only the last one costs anything. Kafka Streams' own cache does the same for the price of a sorted map's comparisons, which was a
 * quarter of the stream thread's time.
 *
 * <p>Kafka Streams calls {@link #flushCache} before each commit because this is a {@link CachedStateStore}. That interface is internal to it; should a
 * later version not call it any more, {@link #commit} says so at once.
 *
 * <p><b>Threading:</b> owned by one stream thread.
 */
final class OpenRunStore implements StateStore, CachedStateStore<String, byte[]> {
    private final KeyValueStore<String, byte[]> logged;
    private final Map<StoreKey, Supplier<byte @Nullable []>> changes = new LinkedHashMap<>();

    private OpenRunStore(KeyValueStore<String, byte[]> logged) {
        this.logged = logged;
    }

    /** Notes a change; null deletes. The value is asked for when the transaction ends, and is then as it is by then. */
    void put(StoreKey key, Supplier<byte @Nullable []> value) {
        changes.put(key, value);
    }

    void delete(StoreKey key) {
        changes.put(key, () -> null);
    }

    /** All records as they were when the last transaction ended, in no order. The caller closes it. */
    KeyValueIterator<String, byte[]> all() {
        return logged.all();
    }

    @Override
    public void flushCache() {
        changes.forEach((key, value) -> logged.put(key.toString(), value.get()));
        changes.clear();
    }

    @Override
    public void clearCache() {
        changes.clear();
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<String, byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return logged.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        logged.init(context, root);
    }

    /** @throws IllegalStateException when Kafka Streams has committed without what was changed */
    @Override
    public void commit(Map<TopicPartition, Long> offsets) {
        if (!changes.isEmpty()) {
            throw new IllegalStateException("Kafka Streams has committed without flushing " + name());
        }
        logged.commit(offsets);
    }

    /** Without what was changed and not committed. */
    @Override
    public void close() {
        changes.clear();
        logged.close();
    }

    @Override
    public boolean persistent() {
        return logged.persistent();
    }

    @Override
    public boolean isOpen() {
        return logged.isOpen();
    }

    @Override
    public Position getPosition() {
        return logged.getPosition();
    }

    /** Builds the store: in memory, and logged. */
    static StoreBuilder<OpenRunStore> builder(String name) {
        return new Builder(Stores.keyValueStoreBuilder(HashedStore.supplier(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled());
    }

    private record Builder(StoreBuilder<KeyValueStore<String, byte[]>> logged) implements StoreBuilder<OpenRunStore> {
        @Override
        public OpenRunStore build() {
            return new OpenRunStore(logged.build());
        }

        @Override
        public StoreBuilder<OpenRunStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<OpenRunStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<OpenRunStore> withLoggingEnabled(Map<String, String> config) {
            return new Builder(logged.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<OpenRunStore> withLoggingDisabled() {
            throw new UnsupportedOperationException("Without a log the runs would be lost with the process");
        }

        @Override
        public Map<String, String> logConfig() {
            return logged.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return logged.loggingEnabled();
        }

        @Override
        public String name() {
            return logged.name();
        }
    }
}
