package io.millrace.coordinator.query;

import static io.millrace.coordinator.query.TestingEvents.START;
import static io.millrace.coordinator.query.TestingEvents.aRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.catalogue.PipelineCatalogue;
import io.millrace.coordinator.catalogue.TestingLog;
import io.millrace.engine.RunStatus;
import io.millrace.event.RunEvent;
import io.millrace.schemas.registry.SchemaRegistryClient;
import io.millrace.schemas.wire.SingleObjectEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("any-jdk")
@Timeout(180)
class HistoryTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration RETENTION = Duration.ofDays(30);

    @TempDir
    private Path directory;

    private volatile Instant now = START.plus(Duration.ofHours(1));
    private TestingLog log;
    private PipelineCatalogue catalogue;
    private History history;

    @BeforeEach
    void open() throws InterruptedException {
        log = TestingLog.open();
        catalogue = log.catalogue();
        history = openHistory();
    }

    @AfterEach
    void close() {
        history.close();
        catalogue.close();
        log.close();
    }

    @Test
    void whatTheLogTellsIsShown() {
        catalogue.apply(TestingLog.submission("""
                id: etl
                tasks:
                  - {id: a, shell: "true"}
                  - {id: b, needs: [a], shell: "true"}
                """));
        TestingEvents run = run(1).started("a").taskStarted("a", 1, 1, "w1");
        log.write(run.events());
        awaitShown(id(1));

        RunView shown = history.run(id(1)).orElseThrow();
        assertThat(shown.summary().tasksTotal()).isEqualTo(2);
        assertThat(shown.tasks()).extracting(TaskView::status).containsExactly(TaskPhase.RUNNING, TaskPhase.WAITING);
        assertThat(history.list(RunFilter.ALL, 10, Optional.empty()).runs())
                .singleElement()
                .satisfies(listed -> assertThat(listed).isEqualTo(shown.summary()));
        assertThat(history.events(id(1), 500, Optional.empty()).events())
                .extracting(RecordedEvent::event)
                .containsExactlyElementsOf(run.events());
        assertThat(history.run("unknown")).isEmpty();
        assertThat(history.summary("unknown")).isEmpty();
        assertThat(history.events("unknown", 500, Optional.empty()).events()).isEmpty();
    }

    @Test
    void whatWasNotCommittedIsNeverShown() {
        log.writeAndAbort(run(1).ofOneTask().events());
        log.write(run(2).ofOneTask().events());
        awaitShown(id(2));
        await("the end of the log", () -> history.isCaughtUp() && history.lag() == 0);

        assertThat(history.summary(id(1))).isEmpty();
    }

    @Test
    void aRestartResumesWhereItLeftOff() {
        log.write(run(1).ofOneTask().events());
        awaitShown(id(1));
        history.close();
        // What was read is not needed any more: were it read again, it would not be found.
        deleteAllRecords();
        log.write(run(2).ofOneTask().events());

        history = openHistory();

        awaitShown(id(2));
        assertThat(history.run(id(1)).orElseThrow().summary().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(discarded()).isEmpty();
    }

    @Test
    void aLostDirectoryIsRebuilt() throws IOException {
        log.write(run(1).ofOneTask().events());
        log.write(run(2).started("a").events());
        awaitShown(id(2));
        List<RunSummary> before =
                history.list(RunFilter.ALL, 10, Optional.empty()).runs();
        history.close();
        deleteTree(directory.resolve("history"));

        history = openHistory();

        await("everything read", history::isCaughtUp);
        assertThat(history.list(RunFilter.ALL, 10, Optional.empty()).runs()).isEqualTo(before);
    }

    @Test
    void aDamagedDirectoryIsMovedAsideAndRebuilt() throws IOException {
        log.write(run(1).ofOneTask().events());
        awaitShown(id(1));
        history.close();
        try (Stream<Path> files = Files.list(directory.resolve("history"))) {
            for (Path file : files.filter(path -> !path.getFileName().toString().equals("LOCK"))
                    .toList()) {
                Files.write(file, new byte[] {1, 2, 3, 4});
            }
        }

        history = openHistory();

        awaitShown(id(1));
        assertThat(discarded()).hasSize(1);
    }

    @Test
    void twoHistoriesInOneDirectoryDoNotHarmEachOther() {
        log.write(run(1).ofOneTask().events());
        awaitShown(id(1));

        try (History second = openHistory()) {
            await(
                    "the second one's run",
                    () -> answered(() -> second.summary(id(1)).isPresent()));
            log.write(run(2).ofOneTask().events());
            await("the second one's next run", () -> second.summary(id(2)).isPresent());
            awaitShown(id(2));
        }
        log.write(run(3).ofOneTask().events());
        awaitShown(id(3));
    }

    @Test
    void aTopicThatIsCreatedAgainIsReadFromItsBeginning() throws Exception {
        log.write(run(1).ofOneTask().events());
        log.write(run(2).ofOneTask().events());
        awaitShown(id(2));
        history.close();
        try (Admin admin = Admin.create(log.access().adminProperties())) {
            admin.deleteTopics(List.of(log.topics().runEvents().name())).all().get(60, TimeUnit.SECONDS);
            await(
                    "the topic's end",
                    () -> !topicNames(admin).contains(log.topics().runEvents().name()));
        }
        log.createTopics();
        log.write(run(3).ofOneTask().events());

        history = openHistory();

        awaitShown(id(3));
        assertThat(history.summary(id(1))).as("it is in no log any more").isEmpty();
        assertThat(discarded()).hasSize(1);
    }

    @Test
    void eventsThatAreGoneBeforeTheyWereReadDoNotStopIt() {
        log.write(run(1).ofOneTask().events());
        awaitShown(id(1));
        history.close();
        log.write(run(2).ofOneTask().events());
        deleteAllRecords();
        log.write(run(3).ofOneTask().events());

        history = openHistory();

        awaitShown(id(3));
        assertThat(history.summary(id(1))).isPresent();
        assertThat(history.summary(id(2))).isEmpty();
    }

    @Test
    void recordsOfAForeignHandAreLeftOut() {
        log.writeRaw(log.topics().runEvents(), id(1), "not avro".getBytes(StandardCharsets.UTF_8));
        log.writeRaw(log.topics().runEvents(), id(1), null);
        log.writeRaw(log.topics().runEvents(), id(1), new byte[] {0, 127, 127, 127, 127, 1});
        log.write(run(1).ofOneTask().events());

        awaitShown(id(1));
        assertThat(history.events(id(1), 500, Optional.empty()).events()).hasSize(4);
    }

    @Test
    void anEventThatIsDamagedAnywhereIsLeftOutAndHarmsNoOther() {
        byte[] event = log.wire()
                .encoder(log.topics().runEvents())
                .encode(run(1).ofOneTask().events().get(2));
        for (int length = 0; length < event.length; length += 7) {
            log.writeRaw(log.topics().runEvents(), id(1), Arrays.copyOf(event, length));
        }
        log.writeRaw(log.topics().runEvents(), id(1), Arrays.copyOf(event, event.length - 1));
        log.writeRaw(log.topics().runEvents(), id(1), Arrays.copyOf(event, event.length + 1));
        log.write(run(1).ofOneTask().events());

        awaitShown(id(1));
        assertThat(history.events(id(1), 500, Optional.empty()).events())
                .extracting(RecordedEvent::event)
                .containsExactlyElementsOf(run(1).ofOneTask().events());
        assertThat(history.run(id(1))).isPresent();
        assertThat(history.eventsFrom(Map.of(), 500).events()).hasSize(4);
        assertThat(discarded()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eventsOfAnotherMillraceReadTheSame(boolean later) throws IOException {
        Schema schema = later ? oursAndMore() : oursWithout("logs", "command_id");
        List<RunEvent> events =
                run(1).started("a").taskStarted("a", 1, 1, "w1").runSucceeded().events();
        int schemaId = register(schema);
        for (RunEvent event : events) {
            log.writeRaw(log.topics().runEvents(), id(1), encoded(event, schema, schemaId));
        }
        log.write(run(2).ofOneTask().events());

        awaitShown(id(2));
        awaitShown(id(1));
        assertThat(history.events(id(1), 500, Optional.empty()).events())
                .extracting(RecordedEvent::event)
                .containsExactlyElementsOf(events);
        assertThat(history.summary(id(1)).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
        history.close();
        history = openHistory();
        awaitShown(id(1));
        assertThat(history.events(id(1), 500, Optional.empty()).events()).hasSize(3);
    }

    private static Schema oursWithout(String... fields) {
        List<String> left = List.of(fields);
        return fields(RunEvent.getClassSchema().getFields().stream()
                .filter(field -> !left.contains(field.name()))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
    }

    /** The new field stands before those that every event is read by. */
    private static Schema oursAndMore() {
        List<Schema.Field> fields = new ArrayList<>();
        fields.add(new Schema.Field("colour", Schema.create(Schema.Type.STRING), "Of a later version.", "red"));
        RunEvent.getClassSchema().getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        return fields(fields);
    }

    private static Schema fields(List<Schema.Field> fields) {
        Schema ours = RunEvent.getClassSchema();
        return Schema.createRecord(ours.getName(), ours.getDoc(), ours.getNamespace(), false, fields);
    }

    private int register(Schema schema) {
        try (SchemaRegistryClient registry =
                new SchemaRegistryClient(log.access().registryUrl())) {
            return registry.register(log.topics().runEvents().subject(), schema);
        }
    }

    private static byte[] encoded(RunEvent event, Schema schema, int schemaId) throws IOException {
        GenericRecord ours = new GenericDatumReader<GenericRecord>(RunEvent.getClassSchema(), schema, new GenericData())
                .read(null, DecoderFactory.get().binaryDecoder(body(event), null));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(5).putInt(1, schemaId).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(ours, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static byte[] body(RunEvent event) {
        SingleObjectEncoder<RunEvent> encoder = new SingleObjectEncoder<>(RunEvent.class);
        byte[] whole = encoder.encode(event);
        return Arrays.copyOfRange(whole, encoder.header().length, whole.length);
    }

    @Test
    void runsGoSomeTimeAfterTheirEnd() {
        log.write(run(1).ofOneTask().events());
        log.write(run(2).started("a").events());
        awaitShown(id(2));
        history.close();
        now = START.plus(RETENTION).plus(Duration.ofDays(1));

        history = openHistory();

        await(
                "the end of the first run",
                () -> answered(() -> history.summary(id(1)).isEmpty()));
        assertThat(history.events(id(1), 500, Optional.empty()).events()).isEmpty();
        assertThat(history.run(id(2))).as("it has not ended").isPresent();
    }

    @Test
    void aFloodIsShownInFullWhetherSomebodyWaitsOrNot() throws Exception {
        awaitOpen();
        List<RunEvent> flood = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            flood.addAll(run(i).ofOneTask().events());
        }
        log.write(flood);
        awaitShown(id(299));
        await("all ends", () -> ended() == 300);

        CompletableFuture<Boolean> end = history.awaitEnd(id(599), LIMIT).toCompletableFuture();
        flood.clear();
        for (int i = 300; i < 600; i++) {
            flood.addAll(run(i).ofOneTask().events());
        }
        log.write(flood);
        assertThat(end.get(60, TimeUnit.SECONDS)).isTrue();
        await("all ends", () -> ended() == 600);
    }

    private int ended() {
        RunFilter filter = RunFilter.of(Optional.empty(), Set.of(RunStatus.SUCCEEDED));
        int count = 0;
        Optional<String> cursor = Optional.empty();
        do {
            RunPage page = history.list(filter, History.MAX_PAGE, cursor);
            count += page.runs().size();
            cursor = page.next();
        } while (cursor.isPresent());
        return count;
    }

    @Test
    void aRunIsAwaited() throws Exception {
        awaitOpen();
        CompletableFuture<Boolean> arrival = history.awaitRun(id(1), LIMIT).toCompletableFuture();
        CompletableFuture<Boolean> never =
                history.awaitRun(id(2), Duration.ofMillis(50)).toCompletableFuture();
        log.write(run(1).started("a").events());

        assertThat(arrival.get(60, TimeUnit.SECONDS)).isTrue();
        assertThat(history.run(id(1))).isPresent();
        assertThat(never.get(60, TimeUnit.SECONDS)).isFalse();
        assertThat(history.awaitRun(id(1), LIMIT).toCompletableFuture().get(60, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void aTopicThatIsGivenMorePartitionsIsReadInFull() throws Exception {
        awaitOpen();
        try (Admin admin = Admin.create(log.access().adminProperties())) {
            admin.createPartitions(Map.of(
                            log.topics().runEvents().name(), NewPartitions.increaseTo(TestingLog.PARTITIONS + 5)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
        }
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            log.write(run(i).started("a").events());
            written.add(id(i));
        }

        for (String run : written) {
            awaitShown(run);
        }
    }

    private History openHistory() {
        Clock clock = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        };
        return History.open(log.access(), log.wire(), catalogue, directory.resolve("history"), RETENTION, clock);
    }

    private void deleteAllRecords() {
        try (Admin admin = Admin.create(log.access().adminProperties())) {
            for (int partition = 0; partition < TestingLog.PARTITIONS; partition++) {
                admin.deleteRecords(Map.of(
                                new TopicPartition(log.topics().runEvents().name(), partition),
                                RecordsToDelete.beforeOffset(-1)))
                        .all()
                        .get(60, TimeUnit.SECONDS);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> topicNames(Admin admin) {
        try {
            return List.copyOf(admin.listTopics().names().get(60, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> discarded() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.contains("discarded"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void awaitOpen() {
        await("the history", history::isCaughtUp);
    }

    private void awaitShown(String run) {
        await("run " + run, () -> answered(() -> history.summary(run).isPresent()));
        await("the end of the log", () -> history.lag() == 0);
    }

    private static boolean answered(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (HistoryUnavailableException notYet) {
            return false;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("waited for " + what).isNegative();
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static TestingEvents run(int number) {
        return aRun(id(number)).from(START.plus(Duration.ofMinutes(number)));
    }

    private static String id(int number) {
        return "%026d".formatted(number);
    }
}
