package io.millrace.coordinator.query;

import static io.millrace.coordinator.query.TestingEvents.START;
import static io.millrace.coordinator.query.TestingEvents.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import io.millrace.event.RunEventType;
import io.millrace.event.RunOutcome;
import io.millrace.event.Trigger;
import io.millrace.event.TriggerKind;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

class HistoryStoreTest {
    private static final HistoryIdentity IDENTITY = new HistoryIdentity("millrace.run-events", "id-1");

    private static final SingleObjectEncoder<RunEvent> ENCODER = new SingleObjectEncoder<>(RunEvent.class);

    @TempDir
    private Path directory;

    private HistoryStore store;
    private long offset;

    @BeforeEach
    void open() {
        store = HistoryStore.open(directory.resolve("history"), IDENTITY);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void runsAreListedFromTheNewest() {
        for (int i = 0; i < 5; i++) {
            write(run(i).started("a"));
        }

        RunPage page = store.list(RunFilter.ALL, 10, Optional.empty());

        assertThat(page.runs()).extracting(RunSummary::id).containsExactly(id(4), id(3), id(2), id(1), id(0));
        assertThat(page.next()).isEmpty();
    }

    @Test
    void pagesShowEveryRunOnceAlsoWhenOthersStartEndAndGoMeanwhile() {
        for (int i = 0; i < 20; i++) {
            write(run(i).ofOneTask());
        }
        List<String> shown = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        int newcomer = 100;
        do {
            RunPage page = store.list(RunFilter.ALL, 3, cursor);
            page.runs().forEach(run -> shown.add(run.id()));
            cursor = page.next();
            write(run(newcomer++).started("a"));
            // The oldest ones go, and with them, once, the very run that a cursor stands on.
            store.prune(START.plusSeconds(5), 1);
        } while (cursor.isPresent());

        assertThat(shown).doesNotHaveDuplicates().startsWith(id(19), id(18)).noneMatch(id -> id.equals(id(100)));
        assertThat(shown).contains(id(1));
    }

    @Test
    void aPageGoesOnAfterTheRunThatItsCursorNamesIsGone() {
        for (int i = 0; i < 4; i++) {
            write(run(i).ofOneTask());
        }
        RunPage first = store.list(RunFilter.ALL, 4 - 1, Optional.empty());
        assertThat(first.runs()).extracting(RunSummary::id).containsExactly(id(3), id(2), id(1));

        while (store.prune(START.plus(Duration.ofDays(1)), 1)) {
            // Until nothing is left.
        }
        write(run(0).ofOneTask());

        assertThat(store.list(RunFilter.ALL, 3, first.next()).runs())
                .extracting(RunSummary::id)
                .containsExactly(id(0));
    }

    @Test
    void filtersOfPipelineAndStatusGoTogether() {
        write(run(1).of("etl", 1).ofOneTask());
        write(run(2).of("etl", 2).started("a"));
        write(run(3).of("et", 1).started("a"));
        write(run(4).of("etl_more", 1).started("a").runFailed("x"));

        assertThat(ids(Optional.of("etl"), Optional.empty())).containsExactly(id(2), id(1));
        assertThat(ids(Optional.of("et"), Optional.empty())).containsExactly(id(3));
        assertThat(ids(Optional.of("etl"), Optional.of(RunStatus.SUCCEEDED))).containsExactly(id(1));
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.RUNNING))).containsExactly(id(3), id(2));
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.FAILED))).containsExactly(id(4));
        assertThat(ids(Optional.of("none"), Optional.empty())).isEmpty();
    }

    @Test
    void runsAreFoundByAllThatAFilterCanSay() {
        Trigger byKey = Trigger.newBuilder()
                .setKind(TriggerKind.API)
                .setIdempotencyKey("order \u00fc 7")
                .build();
        Trigger byRun = Trigger.newBuilder()
                .setKind(TriggerKind.RUN)
                .setParentRunId(id(1))
                .setParentTask("a")
                .build();
        write(run(1).started("a").triggeredBy(byKey));
        write(run(2).started("a").triggeredBy(byRun).runFailed("x"));
        write(run(3).started("a").triggeredBy(byRun).runCancelled("x"));
        write(run(4).of("other", 1).started("a"));

        assertThat(ids(with(filter -> filter.idempotencyKey = "order \u00fc 7")))
                .containsExactly(id(1));
        assertThat(ids(with(filter -> filter.idempotencyKey = "order 8"))).isEmpty();
        assertThat(ids(with(filter -> filter.parent = id(1)))).containsExactly(id(3), id(2));
        assertThat(ids(with(filter -> filter.trigger = TriggerKind.RUN))).containsExactly(id(3), id(2));
        assertThat(ids(with(filter -> filter.statuses = Set.of(RunStatus.FAILED, RunStatus.CANCELLED))))
                .containsExactly(id(3), id(2));
        assertThat(ids(with(filter -> {
                    filter.parent = id(1);
                    filter.statuses = Set.of(RunStatus.FAILED);
                })))
                .containsExactly(id(2));
        Instant third = store.summary(id(3)).orElseThrow().startedAt();
        assertThat(ids(with(filter -> filter.since = third))).containsExactly(id(4), id(3));
        assertThat(ids(with(filter -> filter.until = third))).containsExactly(id(2), id(1));
    }

    @Test
    void aFilterThatFitsFewEndsItsPageEarlyAndGoesOn() {
        for (int i = 0; i < 10_050; i++) {
            write(run(i).started());
        }
        Trigger byRun = Trigger.newBuilder().setKind(TriggerKind.RUN).build();
        write(TestingEvents.aRun("old").from(START.minusSeconds(60)).started().triggeredBy(byRun));
        RunFilter rare = with(filter -> filter.trigger = TriggerKind.RUN);

        RunPage first = store.list(rare, 5, Optional.empty());
        assertThat(first.runs()).isEmpty();
        assertThat(first.next()).isPresent();
        RunPage second = store.list(rare, 5, first.next());
        assertThat(second.runs()).extracting(RunSummary::id).containsExactly("old");
        assertThat(second.next()).isEmpty();
    }

    @Test
    void aRunThatIsOpenedAgainIsRunningAndIsKeptUntilItsNewEnd() {
        TestingEvents events = run(1).ofOneTask().runRerun(List.of("a"), "a");
        write(events);

        assertThat(ids(Optional.empty(), Optional.of(RunStatus.RUNNING))).containsExactly(id(1));
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.SUCCEEDED))).isEmpty();
        assertThat(store.prune(START.plus(Duration.ofDays(10)), 100)).isFalse();
        assertThat(store.summary(id(1))).isPresent();

        write(events.runFailed("again").events().subList(5, 6));
        assertThat(store.summary(id(1)).orElseThrow().status()).isEqualTo(RunStatus.FAILED);
        assertThat(store.summary(id(1)).orElseThrow().reruns()).isEqualTo(1);
        store.prune(START.plus(Duration.ofDays(10)), 100);
        assertThat(store.summary(id(1))).isEmpty();
        assertThat(store.events(id(1), 10, Optional.empty()).events()).isEmpty();
    }

    @Test
    void theLastNumberOfARunIsToldWhateverCameAfterItsEnd() {
        assertThat(store.lastSequenceOf(id(1))).isEmpty();
        write(run(1).ofOneTask());
        write(run(2).ofOneTask().lateReportRejected("a"));

        assertThat(store.lastSequenceOf(id(1))).hasValue(4);
        assertThat(store.lastSequenceOf(id(2))).hasValue(4);
        assertThat(store.lastSequenceOf(id(3))).isEmpty();
    }

    @Test
    void eventsComeInPagesThatMissNothing() {
        write(run(1).ofOneTask().lateReportRejected("a"));

        EventPage first = store.events(id(1), 2, Optional.empty());
        EventPage second = store.events(id(1), 2, first.next());
        EventPage last = store.events(id(1), 2, second.next());

        assertThat(Stream.of(first, second, last).flatMap(page -> page.events().stream()))
                .extracting(event -> event.event().getSequence())
                .containsExactly(1L, 2L, 3L, 4L, 0L);
        assertThat(last.next()).isEmpty();
        assertThatThrownBy(() -> store.events(id(2), 2, first.next())).isInstanceOf(BadCursorException.class);
    }

    @Test
    void aPageOfLargeEventsHasFewer() {
        String large = "{\"x\":\"" + "y".repeat(250_000) + "\"}";
        TestingEvents events = run(1).started();
        for (int i = 0; i < 20; i++) {
            events.taskSucceeded("t" + i, 1, 1, large);
        }
        write(events);

        EventPage page = store.events(id(1), 500, Optional.empty());
        assertThat(page.events()).hasSizeBetween(5, 12);
        assertThat(page.next()).isPresent();
    }

    private static final class Wanted {
        private Set<RunStatus> statuses = Set.of();
        private @Nullable Instant since;
        private @Nullable Instant until;
        private @Nullable TriggerKind trigger;
        private @Nullable String idempotencyKey;
        private @Nullable String parent;
    }

    private static RunFilter with(Consumer<Wanted> change) {
        Wanted wanted = new Wanted();
        change.accept(wanted);
        return new RunFilter(
                Optional.empty(),
                wanted.statuses,
                Optional.ofNullable(wanted.since),
                Optional.ofNullable(wanted.until),
                Optional.ofNullable(wanted.trigger),
                Optional.ofNullable(wanted.idempotencyKey),
                Optional.ofNullable(wanted.parent));
    }

    private List<String> ids(RunFilter filter) {
        return store.list(filter, 100, Optional.empty()).runs().stream()
                .map(RunSummary::id)
                .toList();
    }

    @Test
    void aRunThatEndsMovesToTheListOfItsNewStatus() {
        TestingEvents run = run(1).started("a");
        write(run);
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.RUNNING))).containsExactly(id(1));

        run.runCancelled("by hand");
        write(run.events().subList(1, 2));

        assertThat(ids(Optional.empty(), Optional.of(RunStatus.RUNNING))).isEmpty();
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.CANCELLED))).containsExactly(id(1));
        assertThat(store.summary(id(1)).orElseThrow().reason()).contains("by hand");
    }

    @Test
    void eventsComeBackAsTheyWereInTheirOrderWithTheirPositions() {
        TestingEvents run = run(1).ofOneTask().lateReportRejected("a");
        write(run);
        write(run(2).ofOneTask());

        List<RecordedEvent> events = store.events(id(1), 500, Optional.empty()).events();

        assertThat(events).extracting(RecordedEvent::event).containsExactlyElementsOf(run.events());
        assertThat(events).extracting(RecordedEvent::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(events).extracting(RecordedEvent::partition).containsOnly(3);
        assertThat(store.events("unknown", 500, Optional.empty()).events()).isEmpty();
        // No run's events are taken for those of one whose id begins alike.
        assertThat(store.events(id(1).substring(0, 25), 500, Optional.empty()).events())
                .isEmpty();
    }

    @Test
    void writingTheSameEventsAgainChangesNothing() {
        TestingEvents run = run(1).ofOneTask();
        write(run);
        RunSummary before = store.summary(id(1)).orElseThrow();
        offset = 0;
        write(run);

        assertThat(store.summary(id(1))).contains(before);
        assertThat(store.events(id(1), 500, Optional.empty()).events()).hasSize(4);
        assertThat(ids(Optional.empty(), Optional.empty())).containsExactly(id(1));
    }

    @Test
    void retentionCountsFromTheEndAndSparesRunsThatHaveNotEnded() {
        write(run(1).ofOneTask());
        write(run(2).started("a"));
        write(aRun(id(3)).from(START.plus(Duration.ofDays(2))).ofOneTask());
        write(run(4).ofOneTask().events().subList(1, 3));

        while (store.prune(START.plus(Duration.ofDays(1)), 1)) {
            // Until nothing is left.
        }

        assertThat(ids(Optional.empty(), Optional.empty())).containsExactly(id(3), id(2));
        assertThat(ids(Optional.of("etl"), Optional.of(RunStatus.SUCCEEDED))).containsExactly(id(3));
        assertThat(store.summary(id(1))).isEmpty();
        assertThat(store.events(id(1), 500, Optional.empty()).events()).isEmpty();
        assertThat(store.events(id(2), 500, Optional.empty()).events()).isNotEmpty();
        assertThat(store.events(id(4), 500, Optional.empty()).events())
                .as("events of a run whose start is not known")
                .isEmpty();
    }

    @Test
    void whatWasWrittenIsThereAfterReopening() {
        write(run(1).ofOneTask());
        RunSummary before = store.summary(id(1)).orElseThrow();
        store.close();

        store = HistoryStore.open(directory.resolve("history"), IDENTITY);

        assertThat(store.summary(id(1))).contains(before);
        assertThat(store.positions()).containsExactly(Map.entry(3, 4L));
        assertThat(store.events(id(1), 500, Optional.empty()).events()).hasSize(4);
    }

    @Test
    void afterACrashWhatWasNotYetDurableIsReadAgainAndEndsEqual() throws IOException {
        write(run(1).ofOneTask());
        write(run(2).started("a"));
        store.close();
        open();
        long durable = offset;
        List<RunEvent> since = new ArrayList<>(run(2).ofOneTask().events().subList(1, 4));
        since.addAll(run(3).ofOneTask().events());
        write(since);
        // What lies on the disk now is what a process that is killed leaves behind.
        Path left = directory.resolve("left");
        copy(directory.resolve("history"), left);
        List<Object> told = told();
        store.close();

        store = HistoryStore.open(left, IDENTITY);
        assertThat(store.positions()).containsExactly(Map.entry(3, durable));
        assertThat(store.summary(id(2)).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(store.summary(id(3))).isEmpty();
        assertThat(store.eventsFrom(Map.of(3, 0L), 100).events()).hasSize((int) durable);

        offset = durable;
        write(since);
        assertThat(told()).isEqualTo(told);
    }

    /** Everything that the store answers of three runs. */
    private List<Object> told() {
        List<Object> told = new ArrayList<>();
        told.add(store.positions());
        told.add(store.eventsFrom(Map.of(3, 0L), 100));
        told.add(store.list(RunFilter.ALL, 100, Optional.empty()));
        for (RunStatus status : RunStatus.values()) {
            told.add(ids(Optional.empty(), Optional.of(status)));
            told.add(ids(Optional.of("etl"), Optional.of(status)));
        }
        for (int i = 1; i <= 3; i++) {
            told.add(store.summary(id(i)));
            told.add(store.events(id(i), 100, Optional.empty()));
        }
        return told;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void whatIsFlushedIsThereAfterACrash() throws IOException {
        write(run(1).ofOneTask());
        store.flush();

        Path left = directory.resolve("left");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Map<Integer, Long> positions = Map.of();
        while (positions.isEmpty()) {
            assertThat(System.nanoTime() - deadline).as("waited for the flush").isNegative();
            Path attempt = left.resolve(Long.toString(System.nanoTime()));
            try {
                copy(directory.resolve("history"), attempt);
                try (HistoryStore after = HistoryStore.open(attempt, IDENTITY)) {
                    positions = after.positions();
                    assertThat(after.summary(id(1)).isPresent()).isEqualTo(!positions.isEmpty());
                }
            } catch (CorruptHistoryException | NoSuchFileException whileItWasWritten) {
                // A copy is not made at one moment, as a crash happens.
            }
        }
        assertThat(positions).containsExactly(Map.entry(3, 4L));
    }

    @Test
    void aRunIsListedOnceByEverythingHoweverOftenItEnds() {
        Trigger trigger = Trigger.newBuilder()
                .setKind(TriggerKind.RUN)
                .setIdempotencyKey("key")
                .setParentRunId("parent")
                .build();
        TestingEvents run = run(1).ofOneTask()
                .triggeredBy(trigger)
                .runRerun(List.of("a"), "a")
                .runFinishing(RunOutcome.FAILED)
                .runFailed("again")
                .runRerun(List.of("a"), "a")
                .runSucceeded();
        int reruns = 0;
        for (RunEvent event : run.events()) {
            write(List.of(event));
            reruns += event.getType() == RunEventType.RUN_RERUN ? 1 : 0;
            RunSummary summary = store.summary(id(1)).orElseThrow();
            assertThat(summary.reruns()).isEqualTo(reruns);
            for (RunFilter filter : List.of(
                    RunFilter.ALL,
                    RunFilter.of(Optional.of("etl"), Set.of()),
                    with(wanted -> wanted.idempotencyKey = "key"),
                    with(wanted -> wanted.parent = "parent"))) {
                assertThat(store.list(filter, 10, Optional.empty()).runs()).containsExactly(summary);
            }
            for (RunStatus status : RunStatus.values()) {
                List<String> expected = status == summary.status() ? List.of(id(1)) : List.of();
                assertThat(ids(Optional.empty(), Optional.of(status))).isEqualTo(expected);
                assertThat(ids(Optional.of("etl"), Optional.of(status))).isEqualTo(expected);
            }
        }
        assertThat(store.summary(id(1)).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void ofADroppedRunNothingIsLeft() throws RocksDBException {
        write(run(1).ofOneTask().runRerun(List.of("a"), "a").runFailed("again"));
        while (store.prune(START.plus(Duration.ofDays(1)), 1)) {
            // Until nothing is left.
        }
        store.close();

        HistoryDatabase database = HistoryDatabase.open(directory.resolve("history"));
        try (ReadOptions options = new ReadOptions();
                RocksIterator listing = database.listing(options);
                RocksIterator events = database.events(options)) {
            listing.seekToFirst();
            events.seekToFirst();
            assertThat(listing.isValid()).isFalse();
            assertThat(events.isValid()).isFalse();
            assertThat(database.run(HistoryKeys.run(id(1)))).isNull();
        } finally {
            database.close();
        }
    }

    @Test
    void runsThatManyOthersCameAfterGoOnAsTheyWere() {
        write(run(1).started("a"));
        List<RunEvent> others = new ArrayList<>();
        for (int i = 1_000; i < 42_000; i++) {
            others.addAll(aRun(id(i)).from(START).started().events());
        }
        for (int from = 0; from < others.size(); from += 2_000) {
            write(others.subList(from, Math.min(others.size(), from + 2_000)));
        }

        List<RunEvent> rest = run(1).ofOneTask().events().subList(1, 4);
        write(rest);

        assertThat(store.summary(id(1)).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(ids(Optional.empty(), Optional.of(RunStatus.SUCCEEDED))).containsExactly(id(1));
        assertThat(store.events(id(1), 10, Optional.empty()).events()).hasSize(4);
    }

    @Test
    void aDatabaseOfAnotherTopicIsRefused() {
        store.close();

        assertThatThrownBy(() -> HistoryStore.open(
                        directory.resolve("history"), new HistoryIdentity("millrace.run-events", "id-2")))
                .isInstanceOf(CorruptHistoryException.class)
                .hasMessageContaining("id-1")
                .hasMessageContaining("id-2");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        write(run(1).ofOneTask());
        store.close();
        try (Stream<Path> files = Files.list(directory.resolve("history"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.writeString(file, "this is no manifest");
            }
        }

        assertThatThrownBy(() -> HistoryStore.open(directory.resolve("history"), IDENTITY))
                .isInstanceOf(CorruptHistoryException.class);
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("occupied"), "not a directory");

        assertThatThrownBy(() -> HistoryStore.open(file, IDENTITY)).isInstanceOf(CorruptHistoryException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "!!", "AAAA", "YWJjZGVmZ2hpamtsbW5vcA", "../../etc/passwd", "%00"})
    void aCursorThatWasNotGivenOutIsRefused(String cursor) {
        assertThatThrownBy(() -> store.list(RunFilter.ALL, 1, Optional.of(cursor)))
                .isInstanceOf(BadCursorException.class);
    }

    @Test
    void noRandomBytesAreTakenForACursor() {
        for (int i = 0; i < 1_000; i++) {
            byte[] bytes = new byte[ThreadLocalRandom.current().nextInt(60)];
            ThreadLocalRandom.current().nextBytes(bytes);
            String cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertThatThrownBy(() -> store.list(RunFilter.ALL, 1, Optional.of(cursor)))
                    .as(cursor)
                    .isInstanceOf(BadCursorException.class);
        }
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        write(run(1).started("a"));
        write(run(2).started("a"));
        String cursor = store.list(RunFilter.ALL, 1, Optional.empty()).next().orElseThrow();

        assertThatThrownBy(() -> store.list(RunFilter.of(Optional.of("etl"), Set.of()), 1, Optional.of(cursor)))
                .isInstanceOf(BadCursorException.class)
                .hasMessageContaining("other parameters");
    }

    @Test
    void anEventWithoutAUsableRunIdHarmsNoOther() {
        write(aRun("").started("a"));
        write(aRun("a\0b").started("a"));
        write(aRun("x".repeat(300)).started("a"));
        write(aRun("ü").of("ü".repeat(200), 1).started("a"));
        write(run(1).started("a"));

        assertThat(ids(Optional.empty(), Optional.empty())).containsExactly(id(1));
        assertThat(store.positions()).containsEntry(3, 5L);
    }

    @Test
    void readersAndClosingDoNotCollide() throws Exception {
        for (int i = 0; i < 200; i++) {
            write(run(i).ofOneTask());
        }
        int count = 4;
        CountDownLatch reading = new CountDownLatch(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                readers.add(CompletableFuture.supplyAsync(() -> readUntilClosed(reading), threads));
            }
            assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

            store.close();

            for (CompletableFuture<Long> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private long readUntilClosed(CountDownLatch reading) {
        long answers = 0;
        while (true) {
            try {
                store.list(RunFilter.ALL, 100, Optional.empty());
            } catch (HistoryUnavailableException closed) {
                return answers;
            }
            if (answers++ == 0) {
                reading.countDown();
            }
        }
    }

    @Test
    void eventsAreFoundByTheirPlacesFromAnyOffsetOn() {
        List<RunEvent> all = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            all.addAll(run(i).ofOneTask().events());
        }
        // Batches of different lengths, so that offsets lie at the edges of what is noted together and within it.
        int written = 0;
        for (int length = 1; written < all.size(); length += 40) {
            int end = Math.min(all.size(), written + length);
            write(all.subList(written, end));
            written = end;
        }

        for (long from = 0; from <= all.size(); from += 7) {
            EventStretch stretch = store.eventsFrom(Map.of(3, from), 10);

            assertThat(stretch.events())
                    .extracting(RecordedEvent::offset)
                    .containsExactlyElementsOf(LongStream.range(from, Math.min(from + 10, all.size()))
                            .boxed()
                            .toList());
        }
    }

    @Test
    void whoFollowsAllEventsMissesNoneThatComeMeanwhile() throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            int runs = 2_000;
            Future<?> written = writer.submit(() -> {
                for (int i = 0; i < runs; i++) {
                    List<RunEvent> events = run(i).ofOneTask().events();
                    write(events.subList(0, 2));
                    write(events.subList(2, events.size()));
                }
            });
            long next = 0;
            boolean all = false;
            while (!all) {
                boolean over = written.isDone();
                List<RecordedEvent> events =
                        store.eventsFrom(Map.of(3, next), 500).events();
                for (RecordedEvent event : events) {
                    assertThat(event.offset()).isEqualTo(next++);
                }
                all = over && events.isEmpty();
            }
            assertThat(next).isEqualTo(4L * runs);
            written.get(60, TimeUnit.SECONDS);
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void whatIsWrittenIsShownToEveryoneFromThenOn() throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            int runs = 3_000;
            AtomicInteger begun = new AtomicInteger();
            AtomicInteger ended = new AtomicInteger();
            Future<?> written = writer.submit(() -> {
                for (int i = 0; i < runs; i++) {
                    write(run(i).ofOneTask().events().subList(0, 2));
                    begun.set(i + 1);
                    if (i >= 5) {
                        write(run(i - 5).ofOneTask().events().subList(2, 4));
                        ended.set(i - 4);
                    }
                }
            });
            while (!written.isDone()) {
                int atLeastBegun = begun.get();
                int atLeastEnded = ended.get();
                for (int i = Math.max(0, atLeastBegun - 10); i < atLeastBegun; i++) {
                    assertThat(store.events(id(i), 10, Optional.empty()).events())
                            .as("events of %s of %s", i, atLeastBegun)
                            .hasSizeGreaterThanOrEqualTo(i < atLeastEnded ? 4 : 2);
                    assertThat(store.summary(id(i))).isPresent();
                }
            }
            written.get(60, TimeUnit.SECONDS);
        } finally {
            writer.shutdownNow();
        }
    }

    @Test
    void placesOfDroppedRunsArePassedOverAndDroppedThemselves() {
        write(run(0).ofOneTask());
        write(run(2_000).started("a"));

        while (store.prune(START.plus(Duration.ofDays(1)), 1)) {
            // Until nothing old is left.
        }

        assertThat(store.eventsFrom(Map.of(3, 0L), 10).events())
                .extracting(event -> event.event().getRunId())
                .containsOnly(id(2_000));
    }

    private List<String> ids(Optional<String> pipeline, Optional<RunStatus> status) {
        return store
                .list(RunFilter.of(pipeline, status.map(Set::of).orElse(Set.of())), 100, Optional.empty())
                .runs()
                .stream()
                .map(RunSummary::id)
                .toList();
    }

    private void write(TestingEvents run) {
        write(run.events());
    }

    private void write(List<RunEvent> events) {
        List<LoggedEvent> logged = new ArrayList<>();
        for (RunEvent event : events) {
            logged.add(LoggedEvent.of(new RecordedEvent(event, 3, offset++), ENCODER));
        }
        store.write(logged, Map.of(3, offset));
    }

    /** Each a minute later than the one before. */
    private static TestingEvents run(int number) {
        return aRun(id(number)).from(START.plus(Duration.ofMinutes(number)));
    }

    private static String id(int number) {
        return "%026d".formatted(number);
    }
}
