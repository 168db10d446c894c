package io.millrace.worker.files;

import io.millrace.event.PipelineDefinition;
import io.millrace.event.TriggerPause;
import io.millrace.event.WatchState;
import io.millrace.schemas.QueueName;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.table.TopicTable;
import io.millrace.schemas.wire.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the directories of all triggers whose queue this worker serves, as the current versions of pipelines have them: they come, change and go without a
 * restart. While there is none, it costs a thread that sleeps, and no connection.
 *
 * <p><b>Threading:</b> a thread of its own compares what is watched with what is to be; each trigger has another one, since a file system may not answer for
 * as long as it likes. Any thread tells that definitions have changed, and asks for states.
 */
public final class FileTriggers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileTriggers.class);
    private static final Duration READ_LIMIT = Duration.ofSeconds(30);
    private static final Duration IN_PEACE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_CLEANINGS = Duration.ofHours(1);

    private final KafkaAccess kafka;
    private final WireFormat wire;
    private final String worker;
    private final Set<QueueName> queues;
    private final Clock clock;
    private final Map<TriggerName, WatchThread> watching = new ConcurrentHashMap<>();
    /** Given for each change, and all taken at once. */
    private final Semaphore changes = new Semaphore(0);

    private @Nullable Thread thread;
    private @Nullable Books books;

    /** What is read once the first directory is watched. */
    private record Books(KafkaAnnouncements announcements, TopicTable<TriggerPause> pauses) {
        void awaitRead() throws InterruptedException {
            while (true) {
                try {
                    announcements.awaitRead(READ_LIMIT);
                    pauses.awaitEnd(READ_LIMIT);
                    return;
                } catch (TimeoutException e) {
                    LOG.warn("What is known of files cannot be read, and none is announced until it is", e);
                }
            }
        }

        boolean isPaused(TriggerName trigger) {
            return Stream.of(trigger.pipeline(), trigger.toString())
                    .anyMatch(key ->
                            pauses.get(key).filter(TriggerPause::getPaused).isPresent());
        }

        void close() {
            announcements.close();
            pauses.close();
        }
    }

    /**
     * Watches from {@link #start} on.
     *
     * @param worker the worker's id
     * @param queues the queues that it serves
     */
    public FileTriggers(KafkaAccess kafka, WireFormat wire, String worker, Set<QueueName> queues, Clock clock) {
        this.kafka = kafka;
        this.wire = wire;
        this.worker = worker;
        this.queues = Set.copyOf(queues);
        this.clock = clock;
    }

    /** Definitions have changed. */
    public void changed() {
        changes.release();
    }

    /** Begins, once all definitions have been read: those in between may ask for what none asks for any more. */
    public void start(TopicTable<PipelineDefinition> definitions) {
        Thread started = new Thread(() -> follow(definitions), "millrace-file-triggers");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** How each trigger is that it watches for. */
    public List<WatchState> states() {
        return watching.values().stream()
                .map(WatchThread::look)
                .map(look -> WatchState.newBuilder()
                        .setPipeline(look.watched().name().pipeline())
                        .setTrigger(look.watched().name().trigger())
                        .setFiles(look.state().files())
                        .setTrouble(look.state().trouble().orElse(null))
                        .build())
                .toList();
    }

    /** How many triggers it watches for. */
    public int watched() {
        return watching.size();
    }

    /** How many of them had a last look that did not show all. */
    public long troubled() {
        return watching.values().stream()
                .filter(each -> each.look().state().trouble().isPresent())
                .count();
    }

    private void follow(TopicTable<PipelineDefinition> definitions) {
        try {
            awaitRead(definitions);
            long cleanedAt = System.nanoTime();
            while (true) {
                changes.drainPermits();
                Map<TriggerName, Watched> current = Watched.among(definitions.values());
                compare(current);
                if (System.nanoTime() - cleanedAt >= BETWEEN_CLEANINGS.toNanos()) {
                    forgetOthers(current.keySet());
                    cleanedAt = System.nanoTime();
                }
                if (changes.tryAcquire(BETWEEN_CLEANINGS.toSeconds(), TimeUnit.SECONDS)) {
                    changes.release();
                }
            }
        } catch (InterruptedException end) {
            LOG.debug("No files are watched any more");
        } catch (RuntimeException e) {
            LOG.error("Triggers of files that come or change from now on are not watched", e);
        }
    }

    private static void awaitRead(TopicTable<PipelineDefinition> definitions) throws InterruptedException {
        while (true) {
            try {
                definitions.awaitEnd(READ_LIMIT);
                return;
            } catch (TimeoutException e) {
                LOG.warn("The pipelines cannot be read, and no files are watched until they are", e);
            }
        }
    }

    /** Ends what is not wanted any more, or not like this, and begins what is new. */
    private void compare(Map<TriggerName, Watched> current) {
        Map<TriggerName, Watched> wanted = new HashMap<>(current);
        wanted.values().removeIf(each -> !each.isFor(queues));
        watching.forEach((name, running) -> {
            Watched now = wanted.get(name);
            if (now != null && running.look().watched().isLike(now)) {
                running.look().become(now);
            } else {
                running.stop();
                watching.remove(name);
            }
        });
        wanted.forEach((name, each) -> {
            if (!watching.containsKey(name)) {
                begin(each);
            }
        });
    }

    private void begin(Watched watched) {
        Books open = opened();
        try {
            Look look =
                    new Look(watched, open.announcements, () -> open.isPaused(watched.name()), clock, System::nanoTime);
            WatchThread started = new WatchThread(look, open::awaitRead);
            watching.put(watched.name(), started);
            started.start();
        } catch (IllegalArgumentException e) {
            LOG.error("{} is not watched for: a newer Millrace may know how", watched.name(), e);
        }
    }

    private Books opened() {
        Books open = books;
        if (open == null) {
            open = new Books(
                    KafkaAnnouncements.open(kafka, wire, worker, clock),
                    TopicTable.open(kafka.topics().pauses(), wire, kafka));
            books = open;
        }
        return open;
    }

    /** Nobody else forgets what was known for triggers that are gone. */
    private void forgetOthers(Set<TriggerName> current) {
        Books open = books;
        if (open != null) {
            try {
                open.announcements.forget(
                        trigger -> !current.contains(trigger), clock.instant().minus(Look.MEMORY));
            } catch (RuntimeException e) {
                LOG.warn("What is known of files of triggers that are gone is kept for another hour", e);
            }
        }
    }

    /** Ends watching. What was announced is announced; the next life of the worker, or another worker, goes on. */
    @Override
    public void close() {
        Thread running = thread;
        try {
            if (running != null) {
                running.interrupt();
                running.join();
            }
            watching.values().forEach(WatchThread::stop);
            long end = System.nanoTime() + IN_PEACE.toNanos();
            for (WatchThread each : watching.values()) {
                each.awaitStop(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Books open = books;
        books = null;
        if (open != null) {
            open.close();
        }
    }
}
