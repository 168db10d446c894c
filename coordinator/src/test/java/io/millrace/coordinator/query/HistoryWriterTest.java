package io.millrace.coordinator.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.RocksDBException;

/** What is kept back, and read again when it is lost. */
class HistoryWriterTest {
    private static final HistoryIdentity IDENTITY = new HistoryIdentity("millrace.run-events", "id-1");
    private static final SingleObjectEncoder<RunEvent> ENCODER = new SingleObjectEncoder<>(RunEvent.class);
    private static final int PARTITIONS = 3;
    private static final int RUNS = 40;

    @TempDir
    private Path directory;

    /** The topic: the events of each partition. */
    private final Map<Integer, List<RunEvent>> topic = new HashMap<>();

    private final Map<Integer, Long> positions = new HashMap<>();

    private HistoryDatabase database;
    private HistoryWriter writer;

    private void open() throws RocksDBException {
        database = HistoryDatabase.open(directory.resolve("history"));
        database.claim(IDENTITY);
        EventCodec events = new EventCodec(database.schemas());
        writer = new HistoryWriter(database, new SummaryCodec(events), events.header());
        positions.clear();
        positions.putAll(writer.beginReading());
    }

    /** What the writer kept back is gone, and what it wrote is not: of a crash the most that a database can have. */
    private void crash() throws RocksDBException {
        writer.close();
        database.close();
        open();
    }

    private void write(int partition, int most) throws RocksDBException {
        List<RunEvent> events = topic.getOrDefault(partition, List.of());
        int from = Math.toIntExact(positions.getOrDefault(partition, 0L));
        int until = Math.min(events.size(), from + most);
        List<LoggedEvent> logged = IntStream.range(from, until)
                .mapToObj(offset -> LoggedEvent.of(new RecordedEvent(events.get(offset), partition, offset), ENCODER))
                .toList();
        positions.put(partition, (long) until);
        writer.write(logged, Map.copyOf(positions));
    }

    /** An orderly end. */
    private HistoryStore store() throws RocksDBException {
        writer.settle();
        writer.close();
        database.close();
        return HistoryStore.open(directory.resolve("history"), IDENTITY);
    }

    private static TestingEvents run(int number) {
        return TestingEvents.aRun(id(number)).from(TestingEvents.START.plus(Duration.ofMinutes(number)));
    }

    private static String id(int number) {
        return "%026d".formatted(number);
    }

    @Test
    void thePositionIsHeldBackByTheEldestRunThatIsKeptBack() throws RocksDBException {
        topic.put(0, new ArrayList<>(run(0).ofOneTask().events()));
        topic.get(0).addAll(run(1).started("a").taskStarted("a", 1, 1, "w").events());
        topic.get(0).addAll(run(2).ofOneTask().events());
        open();
        write(0, 100);

        assertThat(database.positions()).containsEntry(0, 4L);
        assertThat(writer.read()).containsEntry(0, 10L);
        assertThat(database.run(HistoryKeys.run(id(1)))).isNull();
        assertThat(database.run(HistoryKeys.run(id(2)))).isNotNull();

        writer.settle(id(1));
        assertThat(database.positions()).containsEntry(0, 10L);
        assertThat(database.run(HistoryKeys.run(id(1)))).isNotNull();
        store().close();
    }

    @Test
    void aRunThatIsReadAgainIsThereOnce() throws RocksDBException {
        TestingEvents first = run(0).started("a").taskStarted("a", 1, 1, "w");
        TestingEvents second = run(1).ofOneTask().runRerun(List.of("a"), "a").runFailed("again");
        topic.put(0, new ArrayList<>(first.events()));
        topic.get(0).addAll(second.events());
        open();
        write(0, 100);
        crash();
        assertThat(positions).as("the first was kept back").containsEntry(0, 0L);
        write(0, 100);

        try (HistoryStore store = store()) {
            assertThat(store.events(id(0), 100, Optional.empty()).events())
                    .extracting(RecordedEvent::event)
                    .isEqualTo(first.events());
            assertThat(store.events(id(1), 100, Optional.empty()).events())
                    .extracting(RecordedEvent::event)
                    .isEqualTo(second.events());
            assertThat(store.summary(id(1)).orElseThrow().reruns()).isEqualTo(1);
        }
    }

    @Test
    void anEventOutOfOrderIsShownAsItCame() throws RocksDBException {
        RunEvent twice = run(0).started("a").events().get(0);
        topic.put(0, new ArrayList<>(List.of(twice)));
        topic.get(0).addAll(run(0).ofOneTask().events());
        open();
        write(0, 100);

        try (HistoryStore store = store()) {
            assertThat(store.events(id(0), 100, Optional.empty()).events())
                    .extracting(event -> event.event().getSequence())
                    .containsExactly(1L, 1L, 2L, 3L, 4L);
            assertThat(store.summary(id(0)).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    @Test
    void aRunLongerThanAGroupIsFoundFromEveryEventOn() throws RocksDBException {
        TestingEvents run = run(0).started("a");
        for (int i = 0; i < 300; i++) {
            run.taskSucceeded("t" + i, 1, 1, "{\"x\":\"" + "y".repeat(500) + "\"}");
        }
        topic.put(0, run.runSucceeded().events());
        open();
        write(0, 1_000);

        try (HistoryStore store = store()) {
            for (long after = 0; after < 302; after += 23) {
                assertThat(store.eventsAfter(id(0), after, 5))
                        .extracting(event -> event.event().getSequence())
                        .containsExactlyElementsOf(LongStream.rangeClosed(after + 1, Math.min(302, after + 5))
                                .boxed()
                                .toList());
            }
            assertThat(store.lastSequenceOf(id(0))).hasValue(302);
        }
    }

    static LongStream seeds() {
        return new Random().longs(8);
    }

    /** Runs in several partitions that overlap, are asked for and lost by chance, end as if nothing had happened. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverIsLostTheEndIsTheSame(long seed) throws RocksDBException {
        Random random = new Random(seed);
        List<TestingEvents> runs = IntStream.range(0, RUNS)
                .mapToObj(number -> aRandomRun(number, random))
                .toList();
        interleave(runs, random);
        open();
        int crashes = 0;
        while (topic.entrySet().stream()
                .anyMatch(events -> positions.getOrDefault(events.getKey(), 0L)
                        < events.getValue().size())) {
            write(random.nextInt(PARTITIONS), 1 + random.nextInt(25));
            switch (random.nextInt(6)) {
                case 0 -> writer.settle(id(random.nextInt(RUNS)));
                case 1 -> writer.age();
                case 2 -> {
                    if (random.nextInt(4) == 0) {
                        writer.settle();
                    }
                }
                case 3 -> {
                    if (crashes++ < 10) {
                        crash();
                    }
                }
                default -> {}
            }
        }
        isWhole(runs);
    }

    private static TestingEvents aRandomRun(int number, Random random) {
        TestingEvents run = run(number).of(random.nextBoolean() ? "etl" : "report", 1);
        run.started("a");
        int lives = random.nextInt(10) == 0 ? 2 : 1;
        for (int life = 0; life < lives; life++) {
            if (life > 0) {
                run.runRerun(List.of("a"), "a");
            }
            int tasks = random.nextInt(5);
            for (int task = 0; task < tasks; task++) {
                run.taskStarted("a", 1, 1, "w").taskSucceeded("a", 1, 1, "{\"n\":" + random.nextInt() + "}");
            }
            if (life == lives - 1 && random.nextInt(4) == 0) {
                return run;
            }
            run = random.nextBoolean() ? run.runSucceeded() : run.runFailed("it is broken");
        }
        return random.nextInt(5) == 0 ? run.lateReportRejected("a") : run;
    }

    /** Each run's events lie in one partition, in their order, among those of others. */
    private void interleave(List<TestingEvents> runs, Random random) {
        Map<Integer, Integer> taken = new HashMap<>();
        List<Integer> left = new ArrayList<>(IntStream.range(0, RUNS).boxed().toList());
        while (!left.isEmpty()) {
            int run = left.get(random.nextInt(Math.min(8, left.size())));
            int next = taken.merge(run, 1, Integer::sum) - 1;
            List<RunEvent> events = runs.get(run).events();
            topic.computeIfAbsent(run % PARTITIONS, partition -> new ArrayList<>())
                    .add(events.get(next));
            if (next + 1 == events.size()) {
                left.remove(Integer.valueOf(run));
            }
        }
    }

    private void isWhole(List<TestingEvents> runs) throws RocksDBException {
        try (HistoryStore store = store()) {
            for (int number = 0; number < RUNS; number++) {
                List<RunEvent> events = runs.get(number).events();
                assertThat(store.events(id(number), 500, Optional.empty()).events())
                        .extracting(RecordedEvent::event)
                        .isEqualTo(events);
                RunFold fold = new RunFold(Optional.empty());
                events.forEach(fold::add);
                RunSummary summary = store.summary(id(number)).orElseThrow();
                assertThat(summary.status())
                        .isEqualTo(fold.view(1).orElseThrow().summary().status());
                assertThat(summary.reruns())
                        .isEqualTo(fold.view(1).orElseThrow().summary().reruns());
            }
            isListedOnce(store);
            topic.forEach((partition, events) -> assertThat(store.eventsFrom(
                                    Map.of(partition, 0L, (partition + 1) % 3, 999L, (partition + 2) % 3, 999L), 500)
                            .events())
                    .extracting(RecordedEvent::event)
                    .isEqualTo(events));
        }
    }

    private static void isListedOnce(HistoryStore store) {
        List<String> all = IntStream.range(0, RUNS)
                .map(number -> RUNS - 1 - number)
                .mapToObj(HistoryWriterTest::id)
                .toList();
        List<String> byStatus = new ArrayList<>();
        for (RunStatus status : RunStatus.values()) {
            byStatus.addAll(ids(store, RunFilter.of(Optional.empty(), Set.of(status))));
        }
        List<String> byPipeline = new ArrayList<>(ids(store, RunFilter.of(Optional.of("etl"), Set.of())));
        byPipeline.addAll(ids(store, RunFilter.of(Optional.of("report"), Set.of())));

        assertThat(ids(store, RunFilter.ALL)).isEqualTo(all);
        assertThat(byStatus).containsExactlyInAnyOrderElementsOf(all);
        assertThat(byPipeline).containsExactlyInAnyOrderElementsOf(all);
    }

    private static List<String> ids(HistoryStore store, RunFilter filter) {
        return store.list(filter, 500, Optional.empty()).runs().stream()
                .map(RunSummary::id)
                .toList();
    }
}
