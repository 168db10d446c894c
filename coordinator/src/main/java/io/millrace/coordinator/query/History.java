package io.millrace.coordinator.query;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * All runs and their events, as the audit log tells them (G10): what is committed there is shown here a moment later, in
 * order, and never taken back before its retention is over. The local database behind it may be lost or damaged; then it
 * is rebuilt from the topic, and until that is done {@link #isCaughtUp} says no.
 *
 * <p><b>Threading.</b> Thread-safe. A thread of its own reads the topic and writes the database. Answers come from the
 * local disk: keep them off event loops.
 */
public final class History implements AutoCloseable {
    /** The most entries that one page holds. */
    public static final int MAX_PAGE = 500;

    private final String topic;
    private final PipelineCatalogue catalogue;
    private final HistoryReader reader;
    private final RunFolds folds = new RunFolds(event -> pipeline(event.getPipeline(), event.getVersion()));
    private final Thread thread;

    private History(String topic, PipelineCatalogue catalogue, HistoryReader reader) {
        this.topic = topic;
        this.catalogue = catalogue;
        this.reader = reader;
        this.thread = new Thread(reader, "history");
        thread.setDaemon(true);
    }

    /**
     * Opens the history and begins to read, at the position where an earlier one in the same directory left off. It
     * returns at once, also while Kafka is away.
     *
     * @param directory belongs to the history alone; made when there is none. One that is damaged, or of another topic, is
     *     moved aside; one that another process holds is left alone, and a temporary one beside it is used
     * @param retention how long a run is kept after its end
     */
    public static History open(
            KafkaAccess kafka,
            WireFormat wire,
            PipelineCatalogue catalogue,
            Path directory,
            Duration retention,
            Clock clock) {
        HistoryReader reader =
                new HistoryReader(new EventLog(kafka, wire), new HistoryDirectory(directory, clock), retention, clock);
        History history = new History(kafka.topics().runEvents().name(), catalogue, reader);
        history.thread.start();
        return history;
    }

    /** The name of the topic that positions of events are in. */
    public String topic() {
        return topic;
    }

    /**
     * Runs from the newest.
     *
     * @param limit from 1 to {@value #MAX_PAGE}
     * @param cursor {@link RunPage#next} of the page before; runs that start meanwhile do not shift what follows. With a
     *     filter that fits few, a page may have fewer than the limit, even none, and yet go on
     * @throws BadCursorException when the cursor is not one for this filter
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public RunPage list(RunFilter filter, int limit, Optional<String> cursor) {
        RunPage page = answering(store -> store.list(filter, checked(limit), cursor));
        return new RunPage(page.runs().stream().map(this::withTasks).toList(), page.next());
    }

    /**
     * One run as a list shows it; empty when it is not known.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<RunSummary> summary(String run) {
        return answering(store -> store.summary(run)).map(this::withTasks);
    }

    /**
     * One run with at most so many of its tasks; empty when it is not known, or its beginning is not in the log any more.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<RunView> run(String run, int mostTasks) {
        return asking(run, fold -> fold.view(mostTasks));
    }

    /** One run with its first {@value #MAX_PAGE} tasks. */
    public Optional<RunView> run(String run) {
        return run(run, MAX_PAGE);
    }

    /**
     * The tasks and items of a run; empty when the run is not known.
     *
     * @param limit from 1 to {@value #MAX_PAGE}
     * @param cursor {@link TaskPage#next} of the page before, or {@link #afterTasks}
     * @throws BadCursorException when the cursor is not one for this run and filter
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<TaskPage> tasks(String run, TaskFilter filter, int limit, Optional<String> cursor) {
        String list = tasksOf(run, filter);
        int from = cursor.map(text -> Cursor.read(text, list))
                .map(place ->
                        ByteBuffer.wrap(Arrays.copyOf(place, Integer.BYTES)).getInt())
                .map(place -> Math.max(0, place))
                .orElse(0);
        return asking(run, fold -> Optional.of(fold.tasks(filter, from, checked(limit))))
                .map(part -> new TaskPage(
                        part.tasks(),
                        part.next().isPresent() ? Optional.of(place(part.next().getAsInt(), list)) : Optional.empty()));
    }

    /** The cursor that goes on in {@link #tasks} after so many tasks of a run. */
    public static String afterTasks(String run, int tasks) {
        return place(tasks, tasksOf(run, TaskFilter.ALL));
    }

    private static String tasksOf(String run, TaskFilter filter) {
        return "tasks of " + run + " " + filter.text();
    }

    private static String place(int tasks, String list) {
        return Cursor.after(ByteBuffer.allocate(Integer.BYTES).putInt(tasks).array(), list);
    }

    /**
     * One task or item of a run; empty when the run is not known, or has no such task.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<TaskView> task(String run, String task) {
        return asking(run, fold -> fold.taskView(task));
    }

    /**
     * The audit log of one run in its order; an empty page when it is not known.
     *
     * @param limit from 1 to {@value #MAX_PAGE}; a page of large events has fewer
     * @param cursor {@link EventPage#next} of the page before
     * @throws BadCursorException when the cursor is not one for this run
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public EventPage events(String run, int limit, Optional<String> cursor) {
        return answering(store -> store.events(run, checked(limit), cursor));
    }

    /**
     * Completes with true once a run is shown, and with false when the limit is over before; never exceptionally.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public CompletionStage<Boolean> awaitRun(String run, Duration limit) {
        return reader.starts()
                .await(run, limit, () -> answering(store -> store.summary(run)).isPresent());
    }

    /**
     * Completes with true once a run is shown to have ended, and with false when the limit is over before; never
     * exceptionally.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public CompletionStage<Boolean> awaitEnd(String run, Duration limit) {
        return reader.ends()
                .await(
                        run,
                        limit,
                        () -> answering(store -> store.summary(run))
                                .map(summary -> summary.status().hasEnded())
                                .orElse(false));
    }

    /**
     * Completes with true once an event of the run is shown that a command at this offset, or a later one, led to, and
     * with false when the limit is over before; never exceptionally.
     */
    public CompletionStage<Boolean> awaitCommand(String run, long offset, Duration limit) {
        BooleanSupplier seen = () ->
                asking(run, fold -> Optional.of(fold.lastCommand() >= offset)).orElse(false);
        long deadline = System.nanoTime() + limit.toNanos();
        if (seen.getAsBoolean()) {
            return CompletableFuture.completedFuture(true);
        }
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        return left.isNegative()
                ? CompletableFuture.completedFuture(false)
                : reader.changes()
                        .await(run, left, seen)
                        .thenComposeAsync(changed -> changed
                                ? awaitCommand(run, offset, Duration.ofNanos(deadline - System.nanoTime()))
                                : CompletableFuture.completedFuture(false));
    }

    /**
     * The offset of the command to a run that was decided about under this id; empty when none was, as far as is shown.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<Long> decidedCommand(String run, String commandId) {
        return asking(run, fold -> fold.command(commandId));
    }

    /** Up to where the log has been read, by partition. */
    public Map<Integer, Long> positions() {
        return answering(HistoryStore::positions);
    }

    /**
     * Events of all runs from these offsets on; partitions that are not named are read from their beginning. Of large
     * events there are fewer than could be.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public EventStretch eventsFrom(Map<Integer, Long> from, int most) {
        return answering(store -> store.eventsFrom(from, checked(most)));
    }

    /**
     * Events of one run with a sequence after this one, in their order; none only when none follow, and of large ones fewer
     * than could be. Rejected reports that came when the run had been
     * retired have no sequence and are left out.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public List<RecordedEvent> eventsAfter(String run, long sequence, int most) {
        return answering(store -> store.eventsAfter(run, sequence, checked(most)));
    }

    /**
     * The first event of a run that is there; empty when there is none.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<RunEvent> firstEvent(String run) {
        return answering(store -> store.firstEventOf(run));
    }

    /**
     * The number of a run's last event; empty when there is none.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public OptionalLong lastSequence(String run) {
        return answering(store -> store.lastSequenceOf(run));
    }

    /**
     * Hands on all events of a run in their order. The consumer must not be long: the database is not closed before.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public void forEachEvent(String run, Consumer<RunEvent> consumer) {
        answering(store -> {
            store.forEachEvent(run, 0, consumer);
            return true;
        });
    }

    /** From now on tells of everything new, after it can be read; the listener must neither block nor throw. */
    public void listen(Runnable listener) {
        reader.listeners().add(listener);
    }

    /** No longer tells this listener. */
    public void forget(Runnable listener) {
        reader.listeners().remove(listener);
    }

    /** How many offsets of the log were not read yet when it was last looked; 0 when it is up to date or was not opened yet. */
    public long lag() {
        return reader.lag();
    }

    /** Whether everything was read that the log held when this history was opened, or began to be rebuilt. */
    public boolean isCaughtUp() {
        return reader.isCaughtUp();
    }

    /** What keeps the history from being up to date, in one sentence; empty when nothing does. */
    public Optional<String> trouble() {
        return reader.trouble();
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_PAGE + ", not " + limit);
        }
        return limit;
    }

    private <T> Optional<T> asking(String run, Function<RunFold, Optional<T>> question) {
        return answering(store -> folds.ask(store, run, question));
    }

    /** Damage that only an answer met is mended by the history's own thread, and until then there is no answer. */
    private <T> T answering(Function<HistoryStore, T> question) {
        try {
            return question.apply(reader.store());
        } catch (CorruptHistoryException e) {
            reader.reportDamage();
            throw new HistoryUnavailableException("The history is damaged and is rebuilt from the topic", e);
        }
    }

    private RunSummary withTasks(RunSummary run) {
        return run.ofTasks(pipeline(run.pipeline(), run.version())
                .map(pipeline -> pipeline.tasks().size())
                .orElse(0));
    }

    /** Whoever writes to the topic may have put anything there, so the id may not be one. */
    private Optional<Pipeline> pipeline(String id, int version) {
        try {
            return catalogue.knownVersion(new PipelineId(id), version).map(known -> known.pipeline());
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /** Ends reading and closes the database; answers under way are finished, later ones are refused. */
    @Override
    public void close() {
        reader.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The thread was told to end and does so without us; it closes the database itself.
            Thread.currentThread().interrupt();
        }
    }
}
