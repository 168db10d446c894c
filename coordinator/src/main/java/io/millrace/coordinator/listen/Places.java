package io.millrace.coordinator.listen;

import io.millrace.event.ListenedPartition;
import io.millrace.event.ListenerPosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * How far the triggers are in one partition. Most of them follow: they are where the partition's reader is, its head. The others have a position of their own,
 * because they are paused, or began further back; when one of them comes to the head it follows. Where nobody follows, the head goes to where the hindmost is.
 *
 * <p><b>Threading:</b> owned by the thread of its topic's reader.
 */
final class Places {
    private Map<ListenerId, Place> places = new TreeMap<>();
    private List<Place> followers = List.of();
    private long head;
    private boolean changed;
    private boolean moved;

    /** A partition that nobody has listened to. */
    Places() {}

    /** As they were written. */
    static Places of(ListenedPartition stored) {
        Places restored = new Places();
        restored.head = stored.getOffset();
        for (ListenerPosition position : stored.getListeners()) {
            long next =
                    position.getFollowing() ? Math.max(position.getOffset(), stored.getOffset()) : position.getOffset();
            Place place = new Place(next, position.getPartitions());
            if (position.getFollowing()) {
                place.follow();
            }
            restored.places.put(new ListenerId(position.getPipeline(), position.getTrigger()), place);
        }
        restored.followers =
                restored.places.values().stream().filter(Place::isFollowing).toList();
        return restored;
    }

    /** As they are to be written, in the transaction with what was started. */
    ListenedPartition stored(String topic, String topicId, int partition, Instant now) {
        List<ListenerPosition> positions = new ArrayList<>();
        places.forEach((id, place) -> positions.add(ListenerPosition.newBuilder()
                .setPipeline(id.pipeline())
                .setTrigger(id.trigger())
                .setOffset(place.unsettled())
                .setFollowing(place.isFollowing() && place.batch() == null)
                .setPartitions(place.partitions())
                .build()));
        return ListenedPartition.newBuilder()
                .setTopic(topic)
                .setTopicId(topicId)
                .setPartition(partition)
                .setOffset(head)
                .setListeners(positions)
                .setAt(now)
                .build();
    }

    /**
     * Sees to it that all are where there are records, or will be.
     *
     * @param first the offset that the partition begins with
     * @param end where it ends
     * @return what was lost, a sentence each
     */
    List<String> fitInto(long first, long end) {
        List<String> losses = new ArrayList<>();
        places.forEach((id, place) -> {
            if (place.next() < first) {
                losses.add("what lies before " + first + " was deleted before " + id + ", at " + place.next()
                        + ", had read it");
            } else if (place.next() > end) {
                losses.add("it ends at " + end + ", and " + id + " was at " + place.next() + " already");
                place.goBack(end);
            }
        });
        head = Math.min(head, end);
        return losses;
    }

    /**
     * From now on these listen, and no others.
     *
     * @param hidden which of the others may be there all the same, and wait
     * @param partitions how many the topic has
     * @param beginning where one begins that has not listened before
     */
    void listen(
            List<Listener> current, Predicate<ListenerId> hidden, int partitions, ToLongFunction<Listener> beginning) {
        Map<ListenerId, Place> kept = new TreeMap<>();
        for (Listener listener : current) {
            Place place = places.get(listener.id());
            if (place == null) {
                place = new Place(beginning.applyAsLong(listener), partitions);
                changed = true;
            }
            kept.put(listener.id(), place);
        }
        places.forEach((id, place) -> {
            if (hidden.test(id) && kept.putIfAbsent(id, place) == null) {
                place.hide();
            }
        });
        // Only now, so that a beginning that cannot be found leaves everything as it was.
        changed |= !kept.keySet().containsAll(places.keySet());
        places = kept;
        current.forEach(listener -> place(listener).listen(listener));
        settle();
    }

    private Place place(Listener listener) {
        Place place = places.get(listener.id());
        if (place == null) {
            throw new IllegalStateException(listener + " has no place");
        }
        return place;
    }

    /** Sees who follows from now on. */
    private void settle() {
        List<Place> before = followers;
        places.values().stream().filter(place -> !place.isActive()).forEach(place -> place.stay(head));
        boolean nobody = places.values().stream().noneMatch(Place::isFollowing);
        OptionalLong hindmost = nobody ? behind() : OptionalLong.empty();
        if (hindmost.isPresent()) {
            head = hindmost.getAsLong();
        }
        laggards().stream().filter(place -> place.next() >= head).forEach(Place::follow);
        followers = places.values().stream().filter(Place::isFollowing).toList();
        changed |= !followers.equals(before);
    }

    /** The next offset that is read for those that follow. */
    long head() {
        return head;
    }

    /** Those that follow; each judges what is not before its {@link Place#next}. */
    List<Place> followers() {
        return followers;
    }

    /** All has been judged by those that follow up to this offset. */
    void readTo(long offset) {
        moved |= offset > head;
        head = Math.max(head, offset);
    }

    /** Where the hindmost is of those that read and do not follow. */
    OptionalLong behind() {
        return laggards().stream().mapToLong(Place::next).min();
    }

    /** Those that read and do not follow; each judges what is not before its {@link Place#next}. */
    List<Place> laggards() {
        List<Place> found = new ArrayList<>();
        for (Place place : places.values()) {
            if (place.isActive() && !place.isFollowing()) {
                found.add(place);
            }
        }
        return found;
    }

    /** All has been judged by those behind up to this offset. */
    void caughtUpTo(long offset) {
        for (Place place : laggards()) {
            moved |= place.next() < offset;
            place.advance(offset);
        }
        settle();
    }

    Collection<Place> all() {
        return Collections.unmodifiableCollection(places.values());
    }

    /** A batch was opened or closed. */
    void batchChanged() {
        changed = true;
    }

    /** Whether something is to be written without delay: who began, ended, was paused, or has a batch. */
    boolean isChanged() {
        return changed;
    }

    /** Whether anything is to be written. */
    boolean isDirty() {
        return changed || moved;
    }

    void written() {
        changed = false;
        moved = false;
    }
}
