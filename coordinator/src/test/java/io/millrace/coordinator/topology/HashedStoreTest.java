package io.millrace.coordinator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class HashedStoreTest {
    private final KeyValueStore<Bytes, byte[]> store =
            HashedStore.supplier("things").get();

    @Test
    void keepsWhatIsWrittenAndNothingElse() {
        store.put(key(1), new byte[] {1});
        store.putAll(List.of(KeyValue.pair(key(2), new byte[] {2}), KeyValue.pair(key(3), new byte[] {3})));
        store.put(key(2), null);
        assertThat(store.putIfAbsent(key(1), new byte[] {9})).containsExactly(1);
        assertThat(store.delete(key(3))).containsExactly(3);
        assertThat(store.delete(key(4))).isNull();

        assertThat(store.get(key(1))).containsExactly(1);
        assertThat(store.get(key(2))).isNull();
        assertThat(store.approximateNumEntries()).isEqualTo(1);
        List<Bytes> keys = new ArrayList<>();
        try (var all = store.all()) {
            all.forEachRemaining(record -> keys.add(record.key));
        }
        assertThat(keys).containsExactly(key(1));
    }

    @Test
    void refusesWhatNeedsAnOrder() {
        assertThatThrownBy(() -> store.range(key(1), key(2)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("things has no order");
    }

    @Test
    void isEmptyWhenItIsClosed() {
        store.put(key(1), new byte[] {1});
        store.close();

        assertThat(store.isOpen()).isFalse();
        assertThat(store.approximateNumEntries()).isZero();
    }

    private static Bytes key(int number) {
        return Bytes.wrap(new byte[] {(byte) number});
    }
}
