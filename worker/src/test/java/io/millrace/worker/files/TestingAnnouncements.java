package io.millrace.worker.files;

import io.millrace.event.KnownFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Announcements in memory. What others announce is seen when somebody waits for it, as it is in Kafka at the latest.
 *
 * <p><b>Threading:</b> one thread.
 */
final class TestingAnnouncements implements Announcements {
    final List<SeenFile> arrived = new ArrayList<>();
    final List<Integer> transactions = new ArrayList<>();
    private final Clock clock;
    private final Map<String, KnownFile> known = new TreeMap<>();
    private final Map<String, KnownFile> unread = new TreeMap<>();
    private Optional<RuntimeException> trouble = Optional.empty();
    int remembered;

    TestingAnnouncements(Clock clock) {
        this.clock = clock;
    }

    /** Another worker has written this, and it has not been read here. */
    void byAnother(TriggerName trigger, SeenFile file) {
        unread.put(trigger.keyOf(file.path()), value(file));
    }

    /** Nothing can be written until it is empty. */
    void fail(Optional<RuntimeException> with) {
        trouble = with;
    }

    List<String> paths() {
        return arrived.stream().map(SeenFile::path).toList();
    }

    List<String> keys() {
        return List.copyOf(known.keySet());
    }

    @Override
    public Optional<KnownFile> known(TriggerName trigger, String path) {
        return Optional.ofNullable(known.get(trigger.keyOf(path)));
    }

    @Override
    public void awaitRead(Duration limit) {
        known.putAll(unread);
        unread.clear();
    }

    @Override
    public void write(Watched watched, List<SeenFile> files, List<SeenFile> others) {
        trouble.ifPresent(why -> {
            throw why;
        });
        transactions.add(files.size() + others.size());
        remembered += others.size();
        arrived.addAll(files);
        files.forEach(file -> known.put(watched.name().keyOf(file.path()), value(file)));
        others.forEach(file -> known.put(watched.name().keyOf(file.path()), value(file)));
    }

    @Override
    public void forget(Predicate<TriggerName> of, Instant before) {
        known.entrySet()
                .removeIf(each -> of.test(TriggerName.ofKey(each.getKey()))
                        && each.getValue().getSeenAt().isBefore(before));
    }

    private KnownFile value(SeenFile file) {
        return KnownFile.newBuilder()
                .setSize(file.size())
                .setModified(file.modified())
                .setSeenAt(clock.instant())
                .build();
    }
}
