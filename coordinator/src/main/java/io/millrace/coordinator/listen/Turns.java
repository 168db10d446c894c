package io.millrace.coordinator.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link TopicReader} does again and again with the partitions that are its own: reads, has the records judged, and writes what follows together with all
 * positions in one transaction. What is read is fetched twice only where triggers are behind: for those a {@link LateReader} reads the same partitions from where
 * the hindmost is.
 *
 * <p><b>Threading:</b> owned by the reader's thread, but for {@link #wake} and {@link #has}, which any thread may call.
 */
final class Turns {
    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofMillis(500);
    /** How long it may not be on record that records were read from which nothing followed. */
    private static final Duration UNWRITTEN = Duration.ofMillis(250);

    private final String topic;
    private final String topicId;
    private final Parts parts;
    private final Outbox outbox;
    private final Judge judge;
    private final Beginnings beginnings;
    private final Consumer<byte[], byte[]> head;
    private final LateReader late;
    private final Map<Integer, OwnedPartition> owned = new TreeMap<>();
    private volatile int partitions;
    private long writtenAtNanos = System.nanoTime();

    Turns(String topic, UserTopics.Facts facts, Parts parts) {
        this.topic = topic;
        this.topicId = facts.id();
        this.partitions = facts.partitions();
        this.parts = parts;
        this.outbox = parts.outbox(topic);
        this.judge = parts.judge(topicId, outbox);
        this.head = parts.groupConsumer(topic);
        this.late = parts.lateReader(topic, judge);
        this.beginnings = parts.beginnings(head, topicId);
    }

    /** The topic has so many partitions now. */
    void has(int count) {
        partitions = count;
    }

    /** Ends whatever waits for records, with a {@link WakeupException}. */
    void wake() {
        head.wakeup();
    }

    /** Joins those who share the topic's partitions. */
    void join() {
        head.subscribe(Set.of(topic), new Rebalance());
    }

    /** Reads, judges, writes. */
    void take() {
        outbox.open();
        takeUp();
        listen();
        ConsumerRecords<byte[], byte[]> records = head.poll(patience());
        if (listensOtherwise()) {
            // They are judged by what is current now, and so read once more.
            reread(records);
            return;
        }
        judgeHead(records);
        judgeLate();
        closeDueBatches();
        write();
    }

    /** Finds out how far new partitions were read, once nothing that somebody else wrote about them is under way any more. */
    private void takeUp() {
        List<OwnedPartition> fresh =
                owned.values().stream().filter(each -> each.places() == null).toList();
        if (fresh.isEmpty()) {
            return;
        }
        Set<TopicPartition> names = fresh.stream().map(each -> each.partition()).collect(Collectors.toSet());
        try {
            // Kafka does not answer while a transaction with offsets of the group is open (KIP-447).
            head.committed(names, MOMENT);
            parts.known().awaitRead(MOMENT);
        } catch (TimeoutException e) {
            log.debug("How far {} were read is not known yet: {}", names, e.getMessage());
            return; // The other partitions go on meanwhile.
        }
        parts.catalogue().awaitRead(LIMIT);
        Map<TopicPartition, Long> firsts = head.beginningOffsets(names, LIMIT);
        Map<TopicPartition, Long> ends = head.endOffsets(names, LIMIT);
        for (OwnedPartition each : fresh) {
            Places places = parts.known()
                    .of(topic, each.partition().partition())
                    .filter(stored -> stored.getTopicId().equals(topicId))
                    .map(Places::of)
                    .orElseGet(Places::new);
            for (String loss : places.fitInto(
                    firsts.getOrDefault(each.partition(), 0L), ends.getOrDefault(each.partition(), Long.MAX_VALUE))) {
                log.warn("{} has lost records: {}", each.partition(), loss);
            }
            each.takeUp(places);
        }
    }

    /** Tells each partition who listens now, and reads on from where that asks for. */
    private void listen() {
        List<Listener> current = parts.listeners().of(topic);
        for (OwnedPartition each : owned.values()) {
            Places places = each.places();
            if (places != null && !each.listens(current)) {
                places.listen(
                        current,
                        parts.listeners()::mayBeHidden,
                        partitions,
                        listener -> beginnings.of(listener, each.partition()));
                each.listen(current);
                seek(each, places);
            }
        }
    }

    private boolean listensOtherwise() {
        List<Listener> current = parts.listeners().of(topic);
        return owned.values().stream().anyMatch(each -> each.places() != null && !each.listens(current));
    }

    private void reread(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            OwnedPartition each = owned.get(partition.partition());
            if (each != null && each.places() != null) {
                each.fetches(-1);
                seek(each, each.places());
            }
        }
    }

    private void seek(OwnedPartition each, Places places) {
        Set<TopicPartition> name = Set.of(each.partition());
        if (places.followers().isEmpty()) {
            head.pause(name);
            return;
        }
        if (each.fetching() != places.head()) {
            head.seek(each.partition(), places.head());
            each.fetches(places.head());
        }
        head.resume(name);
    }

    /** How long to wait for records. */
    private Duration patience() {
        Duration least = IDLE;
        for (OwnedPartition each : owned.values()) {
            if (each.places() != null) {
                if (each.places().behind().isPresent()) {
                    return Duration.ZERO;
                }
                if (each.places().isDirty() && UNWRITTEN.compareTo(least) < 0) {
                    least = UNWRITTEN;
                }
                for (Place place : each.places().all()) {
                    Duration left = Judge.left(place).orElse(least);
                    least = left.isNegative() ? Duration.ZERO : left.compareTo(least) < 0 ? left : least;
                }
            }
        }
        return least;
    }

    private void judgeHead(ConsumerRecords<byte[], byte[]> records) {
        parts.counts().read(records.count());
        for (TopicPartition partition : records.partitions()) {
            OwnedPartition each = owned.get(partition.partition());
            Places places = each == null ? null : each.places();
            if (each == null || places == null) {
                throw new IllegalStateException("records came of " + partition + ", which is not this reader's");
            }
            boolean cut = false;
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                if (record.offset() < places.head()) {
                    throw new CommitFailedException(partition + " goes back to " + record.offset() + " from "
                            + places.head() + ": it is another topic now, or has lost its end");
                }
                cut = judge.hasEnough();
                if (cut) {
                    break;
                }
                judge.judge(record, places, places.followers());
                places.readTo(record.offset() + 1);
            }
            each.fetches(cut ? -1 : places.head());
            seek(each, places);
        }
    }

    private void judgeLate() {
        for (OwnedPartition each : late.read(owned.values())) {
            Places places = each.places();
            if (places != null) {
                seek(each, places);
            }
        }
    }

    private void closeDueBatches() {
        for (OwnedPartition each : owned.values()) {
            Places places = each.places();
            if (places != null) {
                for (Place place : places.all()) {
                    if (place.isActive() && judge.closeWhenDue(place)) {
                        places.batchChanged();
                    }
                }
            }
        }
    }

    /** Writes what follows from what was read. That nothing does is written now and then. */
    private void write() {
        boolean soon = !outbox.isEmpty()
                || owned.values().stream()
                        .anyMatch(each -> each.places() != null && each.places().isChanged());
        if (soon || System.nanoTime() - writtenAtNanos >= UNWRITTEN.toNanos()) {
            writeNow();
        }
    }

    private void writeNow() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        List<Places> written = new ArrayList<>();
        for (OwnedPartition each : owned.values()) {
            Places places = each.places();
            if (places != null && places.isDirty()) {
                offsets.put(each.partition(), new OffsetAndMetadata(places.head()));
                outbox.position(places.stored(
                        topic,
                        topicId,
                        each.partition().partition(),
                        parts.clock().instant()));
                written.add(places);
            }
        }
        if (!offsets.isEmpty()) {
            outbox.commit(offsets, head.groupMetadata());
            written.forEach(Places::written);
        }
        writtenAtNanos = System.nanoTime();
    }

    /** Drops everything that is not written. */
    void forget() {
        outbox.forget();
        for (OwnedPartition each : owned.values()) {
            each.forget();
        }
        late.forget();
        head.pause(head.assignment());
    }

    void writeBeforeLeaving() {
        try {
            writeNow();
        } catch (KafkaException e) {
            log.debug("The reader of {} leaves its last positions unwritten: {}", topic, e.getMessage());
        }
    }

    /** Gives the partitions up, within a time. */
    void leave(Duration atMost) {
        outbox.forget();
        late.close();
        head.close(CloseOptions.timeout(atMost)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    }

    /** Partitions come and go, always between two transactions. */
    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> come) {
            come.forEach(partition -> owned.put(partition.partition(), new OwnedPartition(partition)));
            // Nothing is read of them before it is known from where.
            head.pause(come);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            gone.forEach(partition -> owned.remove(partition.partition()));
        }
    }
}
