package io.millrace.coordinator.query;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.event.RunEvent;
import io.millrace.pipeline.Pipeline;
import io.millrace.pipeline.PipelineId;
import io.millrace.schemas.config.KafkaAccess;
import io.millrace.schemas.wire.WireFormat;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
    /** The most runs that one page holds. */
    public static final int MAX_PAGE = 500;

    private final String topic;
    private final PipelineCatalogue catalogue;
    private final HistoryReader reader;
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
     * @param cursor {@link RunPage#next} of the page before; runs that start meanwhile do not shift what follows
     * @throws BadCursorException when the cursor is not one for this filter
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public RunPage list(RunFilter filter, int limit, Optional<String> cursor) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_PAGE + ", not " + limit);
        }
        RunPage page = answering(store -> store.list(filter, limit, cursor));
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
     * One run with all its tasks; empty when it is not known, or its beginning is not in the log any more.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public Optional<RunView> run(String run) {
        List<RecordedEvent> events = events(run);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        RunEvent first = events.get(0).event();
        return RunFold.fold(
                pipeline(first.getPipeline(), first.getVersion()),
                () -> events.stream().map(RecordedEvent::event).iterator());
    }

    /**
     * The audit log of one run in its order; empty when it is not known.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public List<RecordedEvent> events(String run) {
        return answering(store -> store.eventsOf(run));
    }

    /**
     * Completes with true once a run is shown, and with false when the limit is over before; never exceptionally.
     *
     * @throws HistoryUnavailableException while the database is being opened or rebuilt
     */
    public CompletionStage<Boolean> awaitRun(String run, Duration limit) {
        return reader.arrivals()
                .await(run, limit, () -> answering(store -> store.summary(run)).isPresent());
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
